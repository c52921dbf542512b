import Synchronization

@testable import GRPCTransport

/// Says once, to the first who asks, that he is the first.
final class Once: Sendable {
    private let isOver = Mutex(false)

    func first() -> Bool {
        isOver.withLock { isOver in
            defer { isOver = true }
            return !isOver
        }
    }
}

/// Lets tests wait for something that happens on another thread.
final class Signal: Sendable {
    private struct State {
        var count = 0
        var waiting: [(threshold: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    func fire() {
        let ready = state.withLock { state in
            state.count += 1
            let count = state.count
            defer { state.waiting.removeAll { $0.threshold <= count } }
            return state.waiting.filter { $0.threshold <= count }
        }
        for (_, continuation) in ready { continuation.resume() }
    }

    /// Returns when it has been fired so many times, or when the test's time limit cancels the task.
    func wait(for threshold: Int = 1) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mustWait = state.withLock { state in
                    let mustWait = state.count < threshold && !Task.isCancelled
                    if mustWait { state.waiting.append((threshold, continuation)) }
                    return mustWait
                }
                if !mustWait { continuation.resume() }
            }
        } onCancel: {
            let waiting = state.withLock { state in
                defer { state.waiting = [] }
                return state.waiting
            }
            for (_, continuation) in waiting { continuation.resume() }
        }
    }

    var count: Int { state.withLock { $0.count } }
}

extension GRPCClient {
    /// A client for tests, closed when `body` is through.
    static func with<Result>(
        _ target: GRPCTarget,
        metadata: [(name: String, value: String)] = [],
        _ body: (GRPCClient) async throws -> Result
    ) async throws -> Result {
        var settings = GRPCClientSettings(target: target, userAgent: "grpc-transport-tests/1")
        settings.metadata = metadata
        return try await with(settings, body)
    }

    static func with<Result>(
        _ settings: GRPCClientSettings,
        _ body: (GRPCClient) async throws -> Result
    ) async throws -> Result {
        let client = GRPCClient(settings)
        do {
            let result = try await body(client)
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }

    static func with<Result>(_ server: GRPCServer, _ body: (GRPCClient) async throws -> Result) async throws -> Result {
        try await with(GRPCTarget(host: "127.0.0.1", port: server.port), body)
    }

    func echo(_ message: [UInt8] = [1, 2, 3], timeout: Duration? = .seconds(50)) async -> GRPCResponse {
        await unary(path: "/test.Peer/Echo", message: message[...], timeout: timeout)
    }
}

/// A stream that takes everything, or a few bytes at a time.
final class ByteSink: ByteStream {
    private let takesAtOnce: Int
    private(set) var bytes: [UInt8] = []

    init(takesAtOnce: Int = .max) { self.takesAtOnce = takesAtOnce }

    let descriptor: Int32 = -1
    let isEncrypted = false
    let isEstablished = true
    let hasUnsentBytes = false

    func handshake() -> HandshakeProgress { .complete }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Transfer { .wouldBlock }

    func write(_ slices: [ArraySlice<UInt8>]) -> Transfer {
        let before = bytes.count
        for slice in slices { bytes += slice.prefix(takesAtOnce - (bytes.count - before)) }
        return .bytes(bytes.count - before)
    }
}

extension HTTP2Session {
    /// Appends frames that are ready for the peer, until there are none or about `limit` bytes.
    func collectOutput(into output: inout [UInt8], limit: Int) throws {
        let sink = ByteSink()
        try collectOutput(limit: limit)
        _ = write(to: sink)
        output += sink.bytes
    }
}
