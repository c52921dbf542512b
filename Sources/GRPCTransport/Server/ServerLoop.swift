/// The server's poll loop: all that happens on its thread.
final class ServerLoop {
    private let listener: Socket
    private let mailbox: ServerMailbox
    private let settings: GRPCServerSettings
    private let tls: TLSContext?
    private let handler: @Sendable (GRPCServerRequest) -> GRPCServerReply
    private let input = HTTP2Connection.makeInputBuffer()
    private var connections: [ServerConnection] = []
    private var nextID: UInt64 = 0

    init(
        listener: Socket,
        mailbox: ServerMailbox,
        settings: GRPCServerSettings,
        tls: TLSContext?,
        handler: @escaping @Sendable (GRPCServerRequest) -> GRPCServerReply
    ) {
        self.listener = listener
        self.mailbox = mailbox
        self.settings = settings
        self.tls = tls
        self.handler = handler
    }

    deinit { input.deallocate() }

    func run() {
        while true {
            let (replies, isClosing) = mailbox.take()
            for late in replies {
                connections.first { $0.id == late.connection }.map { carryOut(late.reply, on: $0, late.stream) }
            }
            for connection in connections { connection.flush() }
            connections.removeAll(where: \.isDropped)
            if isClosing { break }
            poll()
        }
        for connection in connections where (try? connection.connection.session.terminate()) != nil {
            connection.flush()
        }
    }

    private func poll() {
        var polls = PollSet()
        polls.add(mailbox.wakeup.descriptor, .reading)
        polls.add(listener.descriptor, .reading)
        let polled = connections
        let indices = polled.map { polls.add($0.connection.stream.descriptor, $0.interest) }
        polls.wait(until: polled.contains { $0.connection.mayHaveMore } ? .now : nil)
        if polls.isReady(0, for: .reading) { mailbox.wakeup.drain() }
        for (connection, index) in zip(polled, indices)
        where connection.connection.mayHaveMore || polls.isReady(index, for: .reading) {
            for (stream, request) in connection.receive(into: input) {
                carryOut(handler(request), on: connection, stream)
            }
        }
        if polls.isReady(1, for: .reading) { accept() }
    }

    private func accept() {
        while let socket = listener.accept() {
            nextID += 1
            // Without a session there is nothing to say to the client but to close its connection.
            guard
                connections.count < settings.maxConnections,
                let stream = stream(over: socket),
                let connection = try? ServerConnection(id: nextID, stream: stream, settings: settings)
            else { continue }
            mailbox.countConnection()
            connections.append(connection)
        }
    }

    private func stream(over socket: Socket) -> (any ByteStream)? {
        guard let tls else { return socket }
        return (try? TLSSession(server: tls)).map { TLSStream($0, over: socket) }
    }

    private func carryOut(_ reply: GRPCServerReply, on connection: ServerConnection, _ stream: Int32) {
        guard case .later(let promise) = reply else {
            connection.reply(reply, to: stream)
            return
        }
        promise.bind { [mailbox, id = connection.id] late in
            mailbox.post(ServerMailbox.LateReply(connection: id, stream: stream, reply: late))
        }
    }
}
