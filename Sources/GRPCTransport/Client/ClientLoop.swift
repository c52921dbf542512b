/// The client's poll loop: all that happens on its thread.
///
/// Every call is in `calls` from its arrival to its answer, and each answer goes through `answer(_:_:)`.
final class ClientLoop {
    private let settings: GRPCClientSettings
    private let factory: ByteStreamFactory
    private let headers: RequestHeaders
    let mailbox: ClientMailbox
    private let input = HTTP2Connection.makeInputBuffer()

    var calls: [UInt64: ClientCall] = [:]
    /// Calls without a stream, in the order of their turn; may name calls that are answered already.
    var waiting: [ClientCall] = []
    /// The newest one takes calls, the older ones only finish theirs.
    private var connections: [ClientConnection] = []
    private var connector: Connector?
    var backoff = ConnectBackoff()

    /// Grows when the peer complains about too many pings.
    var keepaliveTime: Duration?

    var target: GRPCTarget { settings.target }

    init(settings: GRPCClientSettings, mailbox: ClientMailbox) {
        self.settings = settings
        factory = ByteStreamFactory(target: settings.target, tls: settings.tls)
        self.mailbox = mailbox
        headers = RequestHeaders(settings)
        keepaliveTime = settings.keepaliveTime.map { max($0, settings.minimumKeepaliveTime) }
    }

    deinit { input.deallocate() }

    func run() {
        while true {
            let (commands, isClosing) = mailbox.take()
            for command in commands { handle(command) }
            if isClosing { break }
            let now = ContinuousClock.now
            var wakeAt = expireCalls(now: now)
            assignCalls(now: now)
            wakeAt = Self.earlier(wakeAt, keepAlive(now: now))
            for connection in connections { flush(connection) }
            closeIdleDrainedConnections()
            poll(until: mustConnect ? .now : Self.earlier(wakeAt, connector?.wakeAt))
        }
        closeAll()
        mailbox.end()
    }

    /// A connection was lost after `assignCalls` had looked: nothing would wake the calls that waited for it.
    private var mustConnect: Bool { !waiting.isEmpty && connector == nil && connections.last?.isDraining != false }

    private static func earlier(
        _ one: ContinuousClock.Instant?,
        _ other: ContinuousClock.Instant?
    ) -> ContinuousClock.Instant? {
        guard let one, let other else { return one ?? other }
        return min(one, other)
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
        case .resetBackoff:
            backoff.reset()
        }
    }

    // MARK: Sleeping

    private func poll(until deadline: ContinuousClock.Instant?) {
        var polls = PollSet()
        polls.add(mailbox.wakeup.descriptor, .reading)
        let polled = connections
        for connection in polled { polls.add(connection.connection.stream.descriptor, connection.connection.interest) }
        let attempts = connector?.addAttempts(to: &polls) ?? []
        let maySleep = mailbox.prepareToSleep() && !polled.contains { $0.connection.mayHaveMore }
        polls.wait(until: maySleep ? deadline : .now)

        if polls.isReady(0, for: .reading) { mailbox.wakeup.drain() }
        for (index, connection) in polled.enumerated()
        where connection.connection.mayHaveMore || polls.isReady(index + 1, for: .reading) {
            receive(connection)
        }
        advanceConnector(polls, attempts)
    }

    // MARK: Connecting

    /// Gives waiting calls their streams, and asks for a connection if there is none.
    private func assignCalls(now: ContinuousClock.Instant) {
        if waiting.contains(where: { calls[$0.request.id] == nil }) {
            waiting.removeAll { calls[$0.request.id] == nil }
        }
        guard !waiting.isEmpty else {
            connector = nil
            return
        }
        if let current = connections.last, !current.isDraining {
            while current.hasRoom, !waiting.isEmpty { start(waiting.removeFirst(), on: current, now: now) }
        } else if connector == nil {
            if let reason = backoff.refusal(now: now) { return failWaiting(reason) }
            backoff.attemptBegins(now: now, fraction: .random(in: 0..<1))
            connector = Connector(factory: factory, wakeup: mailbox.wakeup)
            advanceConnector(nil, [])
        }
    }

    private func advanceConnector(_ polls: PollSet?, _ indices: [Int]) {
        switch connector?.advance(polls, indices: indices, now: .now) {
        case nil: return
        case .connected(let stream): adopt(stream)
        case .failed(let reason):
            backoff.attemptFailed(reason)
            failWaiting(reason)
        }
        connector = nil
    }

    private func adopt(_ stream: any ByteStream) {
        let keepalive = Keepalive(time: keepaliveTime, timeout: settings.keepaliveTimeout)
        do throws(HTTP2Failure) {
            connections.append(try ClientConnection(stream: stream, keepalive: keepalive))
            mailbox.takesGzip = true
        } catch {
            failWaiting(error.description)
        }
    }

    private func failWaiting(_ reason: String) {
        let failed = waiting
        waiting = []
        for call in failed { answer(call, .failure(.unavailable, reason, unprocessed: true)) }
    }

    private func start(_ call: ClientCall, on connection: ClientConnection, now: ContinuousClock.Instant) {
        do throws(HTTP2Failure) {
            try connection.start(call, headers, responseLimit: settings.maxResponseBytes, now: now)
        } catch {
            connection.isDraining = true
            answer(call, .failure(.unavailable, "\(target) cannot be called (\(error))", unprocessed: true))
        }
    }

    // MARK: Connections

    private func receive(_ connection: ClientConnection) {
        let end = connection.connection.receive(into: input)
        for event in connection.connection.session.takeEvents() { handle(event, on: connection) }
        if let end { lose(connection, connection.complaint ?? end) }
    }

    private func flush(_ connection: ClientConnection) {
        let end = connection.connection.flush()
        for event in connection.connection.session.takeEvents() { handle(event, on: connection) }
        if let end {
            // What the peer said before it hung up explains more than the failed write.
            receive(connection)
            lose(connection, connection.complaint ?? end)
        } else if connection.connection.isFinished {
            lose(connection, connection.complaint ?? "closed the connection")
        }
    }

    /// Asks silent peers for a sign of life and gives up those that gave none; returns when to look again.
    private func keepAlive(now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        var wakeAt: ContinuousClock.Instant?
        for connection in connections {
            var step = connection.keepaliveStep(now: now)
            if step == .ping {
                if (try? connection.connection.session.ping()) == nil { connection.isDraining = true }
                step = connection.keepaliveStep(now: now)
            }
            switch step {
            case .wait(let instant): wakeAt = Self.earlier(wakeAt, instant)
            case .ping: break
            case .giveUp: lose(connection, "did not answer a keepalive ping within \(settings.keepaliveTimeout)")
            }
        }
        return wakeAt
    }

    private func lose(_ connection: ClientConnection, _ reason: String) {
        guard let index = connections.firstIndex(where: { $0 === connection }) else { return }
        connections.remove(at: index)
        // Whoever hangs up before his settings is not there yet.
        if !connection.hasSettings { backoff.attemptFailed("\(target) \(reason)") }
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
}
