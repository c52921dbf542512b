import FoundationEssentials
import Glibc
import Testing

@testable import GRPCTransport

/// A running `Tests/Support/grpc_peer.py`, gRPC's C core as the other side; killed with its last reference.
final class PythonPeer: Sendable {
    private let process: pid_t
    private let input: Int32
    private let output: Int32

    /// Starts the interpreter that ORCHESTRATOR_TEST_PYTHON names, with an environment of its own.
    init(_ arguments: [String]) throws {
        guard let python = getenv("ORCHESTRATOR_TEST_PYTHON").map({ String(cString: $0) }), !python.isEmpty else {
            throw MissingPython()
        }
        let folder = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        let words = [python, "/\(folder)/Support/grpc_peer.py"] + arguments
        var toPeer: [Int32] = [0, 0]
        var fromPeer: [Int32] = [0, 0]
        try #require(pipe(&toPeer) == 0 && pipe(&fromPeer) == 0)
        for end in [toPeer[1], fromPeer[0]] { try #require(fcntl(end, F_SETFD, FD_CLOEXEC) == 0) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, toPeer[0], 0)
        posix_spawn_file_actions_adddup2(&actions, fromPeer[1], 1)
        for end in toPeer + fromPeer { posix_spawn_file_actions_addclose(&actions, end) }
        var argv = words.map { strdup($0) } + [nil]
        var environment = [strdup("PATH=/usr/bin:/bin"), nil]
        defer { for text in argv + environment { free(text) } }
        var pid: pid_t = 0
        let result = posix_spawn(&pid, python, &actions, nil, &argv, &environment)
        close(toPeer[0])
        close(fromPeer[1])
        try #require(result == 0, "cannot start \(python): \(SystemError(code: result))")
        process = pid
        input = toPeer[1]
        output = fromPeer[0]
    }

    deinit {
        kill()
        close(input)
        close(output)
    }

    private let isDead = Once()

    /// SIGKILL, and waits until it has worked; only once, or the number could be somebody else's.
    func kill() {
        guard isDead.first() else { return }
        Glibc.kill(process, SIGKILL)
        waitpid(process, nil, 0)
    }

    /// The next line that the peer prints; read on a thread of its own.
    func line() async throws -> String {
        let output = output
        let bytes: [UInt8] = try await withCheckedThrowingContinuation { continuation in
            do {
                try WorkerThread.start {
                    var bytes: [UInt8] = []
                    var byte: UInt8 = 0
                    while read(output, &byte, 1) == 1, byte != UInt8(ascii: "\n") { bytes.append(byte) }
                    continuation.resume(returning: bytes)
                }
                .detach()
            } catch {
                continuation.resume(throwing: error)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A server, and the target on which it listens.
    static func server(
        port: UInt16 = 0,
        maxStreams: Int = 0,
        options: [String] = []
    ) async throws -> (peer: PythonPeer, target: GRPCTarget) {
        let peer = try PythonPeer(["server", "--port", String(port), "--max-streams", String(maxStreams)] + options)
        let line = try await peer.line()
        let port = try #require(UInt16(line), "the peer printed '\(line)' instead of its port")
        return (peer, GRPCTarget(host: "127.0.0.1", port: port))
    }

    /// What a client saw that called our server.
    static func client<Result: Decodable>(
        _ scenario: String,
        port: UInt16,
        options: [String] = [],
        as: Result.Type
    ) async throws -> Result {
        let peer = try PythonPeer(["client", String(port), scenario] + options)
        let line = try await peer.line()
        return try JSONDecoder().decode(Result.self, from: Data(line.utf8))
    }
}

struct MissingPython: Error, CustomStringConvertible {
    var description: String {
        "ORCHESTRATOR_TEST_PYTHON does not name a Python with grpcio; run `make test`, which installs one and sets it"
    }
}
