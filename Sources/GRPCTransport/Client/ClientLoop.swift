/// The client's poll loop: all that happens on its thread.
///
/// Every call is in `calls` from its arrival to its answer, and each answer goes through `answer(_:_:)`.
final class ClientLoop {
    private let settings: GRPCClientSettings
    private let headers: RequestHeaders
    private let mailbox: ClientMailbox
    private let input = HTTP2Connection.makeInputBuffer()

    private var calls: [UInt64: ClientCall] = [:]
    /// Calls without a stream, in the order of their turn; may name calls that are answered already.
    private var waiting: [ClientCall] = []
    /// The newest one takes calls, the older ones only finish theirs.
    private var connections: [ClientConnection] = []
    private var connector: Connector?

    private var target: GRPCTarget { settings.target }

    init(settings: GRPCClientSettings, mailbox: ClientMailbox) {
        self.settings = settings
        headers = RequestHeaders(settings)
        self.mailbox = mailbox
    }

    deinit { input.deallocate() }

    func run() {
        while true {
            let (commands, isClosing) = mailbox.take()
            for command in commands { handle(command) }
            if isClosing { break }
            expireCalls(now: .now)
            assignCalls(now: .now)
            for connection in connections { flush(connection) }
            closeIdleDrainedConnections()
            poll()
        }
        closeAll()
        mailbox.end()
    }

    private func handle(_ command: ClientMailbox.Command) {
        switch command {
        case .start(let request):
            let call = ClientCall(request)
            calls[request.id] = call
            waiting.append(call)
        case .cancel(let id):
            guard let call = calls[id] else { return }
            abandon(call, .failure(.cancelled, "the caller cancelled the call", unprocessed: call.startedAt == nil))
        }
    }

    // MARK: Sleeping

    private func poll() {
        var polls = PollSet()
        polls.add(mailbox.wakeup.descriptor, .reading)
        let polled = connections
        for connection in polled { polls.add(connection.connection.stream.descriptor, connection.connection.interest) }
        let attempts = connector?.addAttempts(to: &polls) ?? []
        let deadlines = calls.values.compactMap(\.request.deadline) + [connector?.wakeAt].compactMap(\.self)
        polls.wait(until: deadlines.min())

        if polls.isReady(0, for: .reading) { mailbox.wakeup.drain() }
        for (index, connection) in polled.enumerated() where polls.isReady(index + 1, for: .reading) {
            receive(connection)
        }
        advanceConnector(polls, attempts)
    }

    // MARK: Connecting

    /// Gives waiting calls their streams, and asks for a connection if there is none.
    private func assignCalls(now: ContinuousClock.Instant) {
        waiting.removeAll { calls[$0.request.id] == nil }
        guard !waiting.isEmpty else {
            connector = nil
            return
        }
        if let current = connections.last, !current.isDraining {
            while current.hasRoom, !waiting.isEmpty { start(waiting.removeFirst(), on: current, now: now) }
        } else if connector == nil {
            connector = Connector(
                factory: ByteStreamFactory(target: target, tls: settings.tls),
                wakeup: mailbox.wakeup
            )
            advanceConnector(nil, [])
        }
    }

    private func advanceConnector(_ polls: PollSet?, _ indices: [Int]) {
        switch connector?.advance(polls, indices: indices, now: .now) {
        case nil: return
        case .connected(let stream):
            do throws(HTTP2Failure) {
                connections.append(try ClientConnection(stream: stream))
            } catch {
                failWaiting(error.description)
            }
        case .failed(let reason): failWaiting(reason)
        }
        connector = nil
    }

    private func failWaiting(_ reason: String) {
        let failed = waiting
        waiting = []
        for call in failed { answer(call, .failure(.unavailable, reason, unprocessed: true)) }
    }

    private func start(_ call: ClientCall, on connection: ClientConnection, now: ContinuousClock.Instant) {
        let timeout = call.request.deadline.map { now.duration(to: $0) }
        do throws(HTTP2Failure) {
            try connection.start(call, fields: headers.fields(path: call.request.path, timeout: timeout), now: now)
        } catch {
            connection.isDraining = true
            answer(call, .failure(.unavailable, "\(target) cannot be called (\(error))", unprocessed: true))
        }
    }

    // MARK: Connections

    private func receive(_ connection: ClientConnection) {
        let end = connection.connection.receive(into: input)
        for event in connection.connection.session.takeEvents() { handle(event, on: connection) }
        if let end { lose(connection, end) }
    }

    private func flush(_ connection: ClientConnection) {
        let end = connection.connection.flush()
        for event in connection.connection.session.takeEvents() { handle(event, on: connection) }
        if let end {
            // What the peer said before it hung up explains more than the failed write.
            receive(connection)
            lose(connection, end)
        } else if connection.connection.isFinished {
            lose(connection, connection.complaint ?? "closed the connection")
        }
    }

    private func lose(_ connection: ClientConnection, _ reason: String) {
        connections.removeAll { $0 === connection }
        for call in connection.calls.values { answer(call, .failure(.unavailable, "\(target) \(reason)")) }
    }

    private func closeIdleDrainedConnections() {
        for connection in connections where connection.isDraining && connection.calls.isEmpty { close(connection) }
    }

    /// Says goodbye as far as the kernel takes it at once.
    private func close(_ connection: ClientConnection) {
        if (try? connection.connection.session.terminate()) != nil { _ = connection.connection.flush() }
        connections.removeAll { $0 === connection }
    }

    private func closeAll() {
        for call in calls.values { abandon(call, .failure(.cancelled, "the client was closed")) }
        connector = nil
        for connection in connections { close(connection) }
    }

    // MARK: Streams

    private func handle(_ event: HTTP2Event, on connection: ClientConnection) {
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
        case .goAway(_, let error, let debug):
            connection.isDraining = true
            connection.complaint = "closed the connection: \(error)\(debug.isEmpty ? "" : ", \(debug)")"
        case .invalidFrame(_, let reason):
            connection.complaint = "broke the rules of HTTP/2 (\(reason))"
        case .settings:
            connection.hasSettings = true
        }
    }

    private func finish(_ call: ClientCall, on connection: ClientConnection, _ stream: Int32) {
        let response = call.assembler.endOfStream()
        if connection.connection.session.isSending(stream: stream) {
            // The peer does not want the rest of the request.
            reset(connection, stream, .noError)
        }
        answer(call, response)
    }

    /// After a GOAWAY a call is sent again once, on a new connection.
    private static let resendsAfterGoAway = 1

    /// On a connection that stays, a refused call is sent again more often: gRPC's C core can count a stream for a
    /// moment after it has ended it, and refuses the next one although its limit is respected.
    private static let resendsAfterRefusal = 5

    /// The stream ended with an error; sends the call again if the peer provably did not process it.
    private func fail(_ call: ClientCall, closedWith error: HTTP2ErrorCode, on connection: ClientConnection) {
        let isUnprocessed = error == .refusedStream
        if isUnprocessed, call.resends < (connection.isDraining ? Self.resendsAfterGoAway : Self.resendsAfterRefusal) {
            call.resends += 1
            waiting.insert(call, at: 0)
            return
        }
        var text = "\(target) reset the stream: \(error)"
        if let complaint = connection.complaint { text += " (it \(complaint))" }
        answer(call, .failure(GRPCStatusCode(reset: error), text, unprocessed: isUnprocessed))
    }

    // MARK: Answers

    private func expireCalls(now: ContinuousClock.Instant) {
        for call in calls.values {
            guard let deadline = call.request.deadline, deadline <= now else { continue }
            var text = "the deadline passed before there was a connection to \(target)"
            if let place = call.place {
                text = "the deadline passed before \(target) answered"
                // A peer that does not even say a word on this connection may be gone: the next call gets a new one.
                if place.connection.hasBeenSilent(since: call) { place.connection.isDraining = true }
            }
            abandon(call, .failure(.deadlineExceeded, text, unprocessed: call.startedAt == nil))
        }
    }

    /// Answers a call that the peer may still be working on.
    private func abandon(_ call: ClientCall, _ response: GRPCResponse) {
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

    private func answer(_ call: ClientCall, _ response: GRPCResponse) {
        guard calls.removeValue(forKey: call.request.id) != nil else { return }
        if let place = call.place { place.connection.remove(stream: place.stream) }
        call.answer(response)
    }
}
