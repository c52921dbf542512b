/// What happens on the streams of a client's connections, and how it becomes answers.
extension ClientLoop {
    func handle(_ event: HTTP2Event, on connection: ClientConnection) {
        switch event {
        case .headers(let stream, let fields, let endsStream):
            guard let call = connection.calls[stream] else { return }
            if let early = call.assembler.receive(fields, endsStream: endsStream) { abandon(call, early) }
        case .data(let stream, let bytes):
            guard let call = connection.calls[stream] else { return }
            if let early = call.assembler.receive(bytes) { abandon(call, early) }
        case .endOfStream(let stream):
            guard let call = connection.calls[stream] else { return }
            finish(call, on: connection, stream)
        case .closed(let stream, let error):
            guard let call = connection.calls[stream] else { return }
            connection.remove(stream: stream)
            fail(call, closedWith: error, on: connection)
        case .headersTooLarge(let stream):
            guard let call = connection.calls[stream] else { return }
            abandon(call, .failure(.resourceExhausted, "the headers of \(target)'s answer are too large"))
        case .goAway(_, let error, let debug): drain(connection, error, debug)
        case .invalidFrame(0, let reason):
            connection.complaint = "broke the rules of HTTP/2 (\(reason))"
        case .invalidFrame(let stream, let reason):
            // The first one says the most; the RST_STREAM that follows from it has only a code.
            guard let call = connection.calls[stream], call.violation == nil else { return }
            call.violation = reason
        case .settings:
            connection.hasSettings = true
            backoff.reset()
        }
    }

    /// The peer takes no new streams; accepted ones finish, and nghttp2 reports the others as refused.
    private func drain(_ connection: ClientConnection, _ error: HTTP2ErrorCode, _ debug: String) {
        connection.isDraining = true
        var complaint = "closed the connection: \(error)\(debug.isEmpty ? "" : ", \(debug)")"
        if error == .enhanceYourCalm, debug == "too_many_pings", let time = keepaliveTime {
            keepaliveTime = time * 2
            complaint += "; keepalive pings now come no sooner than every \(time * 2)"
        }
        connection.complaint = complaint
    }

    private func finish(_ call: ClientCall, on connection: ClientConnection, _ stream: Int32) {
        let response = call.assembler.endOfStream()
        if connection.connection.session.isSending(stream: stream) {
            // The peer does not want the rest of the request.
            reset(connection, stream, .noError)
        }
        guard call.isCompressed, response.refusesGzip else { return answer(call, response) }
        connection.takesGzip = false
        mailbox.takesGzip = false
        connection.remove(stream: stream)
        waiting.insert(call, at: 0)
    }

    /// After a GOAWAY a call is sent again once, on a new connection.
    private static let resendsAfterGoAway = 1

    /// On a connection that stays, a refused call is sent again more often: gRPC's C core can count a stream for a
    /// moment after it has ended it, and refuses the next one although its limit is respected.
    private static let resendsAfterRefusal = 5

    /// The stream ended with an error; sends the call again if the peer provably did not process it.
    private func fail(_ call: ClientCall, closedWith error: HTTP2ErrorCode, on connection: ClientConnection) {
        if let violation = call.violation {
            let text = "the call was ended because \(target) broke the rules of HTTP/2 on its stream (\(violation))"
            return answer(call, .failure(GRPCStatusCode(reset: error), text))
        }
        let isUnprocessed = error == .refusedStream
        if isUnprocessed, call.resends < (connection.isDraining ? Self.resendsAfterGoAway : Self.resendsAfterRefusal) {
            call.resends += 1
            waiting.insert(call, at: 0)
            return
        }
        if error == .cancel, let deadline = call.request.deadline, deadline <= .now {
            // The peer keeps the same time, and was a moment faster.
            return answer(call, .failure(.deadlineExceeded, "the deadline passed before \(target) answered"))
        }
        var text = "\(target) reset the stream: \(error)"
        if let complaint = connection.complaint { text += " (it \(complaint))" }
        answer(call, .failure(GRPCStatusCode(reset: error), text, unprocessed: isUnprocessed))
    }

    // MARK: Answers

    /// Ends the calls whose time is over, and returns when the next one's is.
    func expireCalls(now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        var next: ContinuousClock.Instant?
        for call in calls.values {
            guard let deadline = call.request.deadline else { continue }
            if deadline <= now { expire(call) } else { next = min(next ?? deadline, deadline) }
        }
        return next
    }

    private func expire(_ call: ClientCall) {
        var text = "the deadline passed before a connection to \(target) took the call"
        if let place = call.place {
            text = "the deadline passed before \(target) answered"
            // A peer that does not even say a word on this connection may be gone: the next call gets a new one.
            if place.connection.hasBeenSilent(since: call) { place.connection.isDraining = true }
        }
        abandon(call, .failure(.deadlineExceeded, text, unprocessed: call.startedAt == nil))
    }

    /// Answers a call that the peer may still be working on.
    func abandon(_ call: ClientCall, _ response: GRPCResponse) {
        if let place = call.place { reset(place.connection, place.stream, .cancel) }
        answer(call, response)
    }

    private func reset(_ connection: ClientConnection, _ stream: Int32, _ error: HTTP2ErrorCode) {
        do throws(HTTP2Failure) {
            try connection.connection.session.reset(stream: stream, error)
        } catch {
            connection.isDraining = true
        }
    }

    func answer(_ call: ClientCall, _ response: GRPCResponse) {
        guard calls.removeValue(forKey: call.request.id) != nil else { return }
        if let place = call.place { place.connection.remove(stream: place.stream) }
        call.answer(response)
    }
}

extension GRPCResponse {
    /// The server does not know how to decompress what it got, and did nothing with it.
    ///
    /// Specification: grpc `doc/compression.md`.
    fileprivate var refusesGzip: Bool {
        guard status.code == .unimplemented,
            let accepted = (initialMetadata + trailers).first(where: { $0.name == "grpc-accept-encoding" })
        else { return false }
        return !accepted.value.split(separator: ",").contains { $0.filter { $0 != " " } == "gzip" }
    }
}
