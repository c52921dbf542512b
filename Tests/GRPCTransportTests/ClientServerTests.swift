import Synchronization
import Testing

@testable import GRPCTransport

@Suite("Our client and our server", .timeLimit(.minutes(1)))
struct ClientServerTests {
    @Test("A message comes back")
    func echo() async throws {
        let server = try GRPCServer.start { .message($0.message) }
        let response = try await GRPCClient.with(server) { await $0.echo([1, 2, 3]) }
        #expect(response.status == .ok)
        #expect(response.message == [1, 2, 3])
    }

    @Test("Messages of 271,828 and 314,159 bytes pass flow control")
    func largeMessages() async throws {
        let reply = [UInt8](repeating: 7, count: 314_159)
        let server = try GRPCServer.start { .message($0.message.count == 271_828 ? reply : []) }
        let response = try await GRPCClient.with(server) { await $0.echo([UInt8](repeating: 1, count: 271_828)) }
        #expect(response.message == reply)
    }

    @Test("A hundred concurrent calls share one connection, each with its own answer")
    func concurrentCalls() async throws {
        let server = try GRPCServer.start { .message($0.message) }
        try await GRPCClient.with(server) { client in
            await withTaskGroup { group in
                for number in UInt8(0)..<100 {
                    group.addTask { (number, await client.echo([number]).message) }
                }
                for await (number, message) in group { #expect(message == [number]) }
            }
        }
        #expect(server.acceptedConnections == 1)
    }

    @Test("With one stream allowed, concurrent calls take turns")
    func oneStream() async throws {
        let server = try GRPCServer.start(settings: .streams(1)) { .message($0.message) }
        try await GRPCClient.with(server) { client in
            await withTaskGroup { group in
                for number in UInt8(0)..<20 { group.addTask { (number, await client.echo([number])) } }
                for await (number, response) in group {
                    #expect(response.message == [number], "\(response.status)")
                }
            }
        }
    }

    @Test("Path, timeout and metadata arrive, in gRPC's order and in lower case")
    func headers() async throws {
        let seen = Mutex<GRPCServerRequest?>(nil)
        let server = try GRPCServer.start { request in
            seen.withLock { $0 = request }
            return .message([])
        }
        let target = GRPCTarget(host: "127.0.0.1", port: server.port)
        _ = try await GRPCClient.with(target, metadata: [("X-Key", " value "), ("raw-bin", "AP8")]) { await $0.echo() }
        let request = try #require(seen.withLock { $0 })
        #expect(request.path == "/test.Peer/Echo")
        let timeout = try #require(request.timeout)
        #expect(timeout > .zero && timeout <= .seconds(50))
        #expect(
            request.metadata.map(\.name)
                == [
                    "grpc-timeout", "te", "content-type", "grpc-accept-encoding", "user-agent", "x-key", "raw-bin",
                ]
        )
        #expect(request.metadata.map(\.value).suffix(2) == ["value", "AP8"])
    }

    @Test("Metadata that gRPC forbids makes every call INTERNAL, and nothing is sent")
    func forbiddenMetadata() async throws {
        let server = try GRPCServer.start { .message($0.message) }
        let target = GRPCTarget(host: "127.0.0.1", port: server.port)
        let response = try await GRPCClient.with(target, metadata: [("grpc-secret", "x")]) { await $0.echo() }
        #expect(response.status.code == .internal)
        #expect(response.status.message.contains("grpc-secret"))
        #expect(server.acceptedConnections == 0)
    }

    @Test("A status alone is an answer (Trailers-Only), with message, details and trailers", arguments: [true, false])
    func statuses(withMessage: Bool) async throws {
        let status = GRPCStatus(.resourceExhausted, "später, 100 % sicher\n", details: [0, 1, 255])
        let server = try GRPCServer.start { _ in
            withMessage ? .message([], status: status, trailers: [("x", "y")]) : .status(status, trailers: [("x", "y")])
        }
        let response = try await GRPCClient.with(server) { await $0.echo() }
        #expect(response.status == status)
        #expect(response.trailers.map(\.name) == ["x"])
        #expect(response.trailers.map(\.value) == ["y"])
        #expect(!response.isProvablyUnprocessed)
    }

    @Test("A reply that is handed over later still arrives")
    func lateReply() async throws {
        let promise = GRPCServerPromise()
        let arrived = Signal()
        let server = try GRPCServer.start { _ in
            arrived.fire()
            return .later(promise)
        }
        try await GRPCClient.with(server) { client in
            async let response = client.echo()
            await arrived.wait()
            promise.complete(.message([9]))
            #expect(await response.message == [9])
        }
    }

    @Test("A deadline ends a call that is never answered, and the next call works")
    func deadline() async throws {
        let server = try GRPCServer.start { $0.message.isEmpty ? .never : .message($0.message) }
        try await GRPCClient.with(server) { client in
            let response = await client.echo([], timeout: .milliseconds(50))
            #expect(response.status.code == .deadlineExceeded)
            #expect(response.status.message.contains("127.0.0.1:\(server.port)"))
            #expect(await client.echo().status == .ok)
        }
    }

    @Test("A call without time left is not sent")
    func noTime() async throws {
        let server = try GRPCServer.start { .message($0.message) }
        let response = try await GRPCClient.with(server) { await $0.echo(timeout: .zero) }
        #expect(response.status.code == .deadlineExceeded)
        #expect(response.isProvablyUnprocessed)
        #expect(server.acceptedConnections == 0)
    }

    @Test("Cancelling the task cancels the call")
    func taskCancellation() async throws {
        let arrived = Signal()
        let server = try GRPCServer.start { _ in
            arrived.fire()
            return .never
        }
        try await GRPCClient.with(server) { client in
            let task = Task { await client.echo(timeout: nil) }
            await arrived.wait()
            task.cancel()
            #expect(await task.value.status.code == .cancelled)
        }
    }

    @Test("A task that is cancelled before it calls is answered too")
    func cancelledBefore() async throws {
        let server = try GRPCServer.start { _ in .never }
        try await GRPCClient.with(server) { client in
            let begin = Signal()
            let task = Task {
                await begin.wait()
                return await client.echo(timeout: nil)
            }
            task.cancel()
            begin.fire()
            #expect(await task.value.status.code == .cancelled)
        }
    }

    @Test("Closing cancels what is under way, and later calls")
    func close() async throws {
        let arrived = Signal()
        let server = try GRPCServer.start { _ in
            arrived.fire()
            return .never
        }
        try await GRPCClient.with(server) { client in
            async let first = client.echo(timeout: nil)
            async let second = client.echo(timeout: nil)
            await arrived.wait(for: 2)
            await client.close()
            #expect(await first.status.code == .cancelled)
            #expect(await second.status.code == .cancelled)
            #expect(await client.echo().status.code == .cancelled)
        }
    }

    @Test("A client that is dropped without close lets its connection go")
    func dropped() async throws {
        let server = try GRPCServer.start { .message($0.message) }
        weak var weakClient: GRPCClient?
        do {
            let client = GRPCClient(
                GRPCClientSettings(target: GRPCTarget(host: "127.0.0.1", port: server.port), userAgent: "x")
            )
            weakClient = client
            #expect(await client.echo().status == .ok)
        }
        #expect(weakClient == nil)
    }

    @Test("A request over 64 MiB is not sent")
    func requestLimit() async throws {
        let server = try GRPCServer.start { _ in .message([]) }
        let tooLarge = [UInt8](repeating: 0, count: MessageFraming.requestLimit + 1)
        let response = try await GRPCClient.with(server) { await $0.echo(tooLarge) }
        #expect(response.status.code == .resourceExhausted)
        #expect(server.acceptedConnections == 0)
    }

    @Test("A reply over 4 MiB is RESOURCE_EXHAUSTED, and the connection stays")
    func responseLimit() async throws {
        let server = try GRPCServer.start { request in
            .message([UInt8](repeating: 0, count: MessageFraming.responseLimit + (request.message.isEmpty ? 0 : 1)))
        }
        try await GRPCClient.with(server) { client in
            #expect(await client.echo([1]).status.code == .resourceExhausted)
            #expect(await client.echo([]).message?.count == MessageFraming.responseLimit)
        }
        #expect(server.acceptedConnections == 1)
    }
}
