internal import Synchronization

/// A unary gRPC server, in cleartext or with TLS, with one thread for all its connections: for tests, and for `watch`.
package final class GRPCServer: Sendable {
    /// Where it listens; the one that the kernel chose if port 0 was asked for.
    package let port: UInt16
    private let mailbox: ServerMailbox
    private let thread: Mutex<WorkerThread?>

    /// Listens on one numeric address.
    ///
    /// - Parameters:
    ///   - host: An IPv4 or IPv6 address of this machine.
    ///   - port: 0 lets the kernel choose.
    ///   - settings: What clients are told and allowed.
    ///   - handler: Called on the server's thread, so it must not block; see `GRPCServerReply.later`.
    /// - Returns: A server that listens already.
    /// - Throws: `cannotListen` with the system's words; `invalidCertificate` if TLS cannot be had so.
    package static func start(
        host: String = "127.0.0.1",
        port: UInt16 = 0,
        settings: GRPCServerSettings = GRPCServerSettings(),
        handler: @escaping @Sendable (GRPCServerRequest) -> GRPCServerReply
    ) throws(GRPCConfigurationError) -> GRPCServer {
        let target = GRPCTarget(host: host, port: port)
        let tls = try settings.tls.map { settings throws(GRPCConfigurationError) in try tlsContext(settings) }
        do throws(SystemError) {
            let listener = try listen(on: target)
            let mailbox = try ServerMailbox()
            guard let port = listener.localPort else { throw SystemError.last }
            let thread = try WorkerThread.start {
                ServerLoop(listener: listener, mailbox: mailbox, settings: settings, tls: tls, handler: handler).run()
            }
            return GRPCServer(port: port, mailbox: mailbox, thread: thread)
        } catch {
            throw GRPCConfigurationError(
                .cannotListen,
                "cannot listen on \(target): \(error); give an address of this machine and a free port, or port 0"
            )
        }
    }

    private init(port: UInt16, mailbox: ServerMailbox, thread: WorkerThread) {
        self.port = port
        self.mailbox = mailbox
        self.thread = Mutex(thread)
    }

    deinit { stop() }

    /// How many connections were accepted so far.
    package var acceptedConnections: Int { mailbox.acceptedConnections }

    /// Closes the port and all connections, and waits for the thread; calls under way get no answer.
    package func stop() {
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        guard let running else { return }
        mailbox.close()
        running.join()
    }

    private static func tlsContext(_ settings: TLSServerSettings) throws(GRPCConfigurationError) -> TLSContext {
        do throws(TLSFailure) {
            return try TLSContext(server: settings)
        } catch {
            throw GRPCConfigurationError(.invalidCertificate, error.reason)
        }
    }

    private static func listen(on target: GRPCTarget) throws(SystemError) -> Socket {
        guard let address = try? SocketAddress.resolve(target, numericOnly: true).first else {
            throw SystemError.unknownAddress
        }
        return try Socket.listening(on: address)
    }
}
