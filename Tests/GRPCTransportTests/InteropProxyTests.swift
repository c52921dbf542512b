import Dispatch
import Glibc
import Testing

@testable import GRPCTransport

/// nghttpx of Debian's nghttp2-proxy: an HTTP/2 proxy that listens on a Unix socket, so that it needs no port.
final class Nghttpx: Sendable {
    struct NotThere: Error, CustomStringConvertible {
        var description: String { "nghttpx is not installed or did not start; run `make test`, which installs it" }
    }

    let socket: String
    private let process: pid_t
    private let log: Int32

    init(to backend: UInt16) async throws {
        socket = "/tmp/nghttpx-tests-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        let words = [
            "nghttpx", "--conf=/dev/null", "--single-process", "--workers=1", "--frontend=unix:\(socket);no-tls",
            "--backend=127.0.0.1,\(backend);;proto=h2", "--errorlog-file=/dev/stderr", "--accesslog-file=/dev/null",
        ]
        var arguments = words.map { strdup($0) } + [nil]
        var environment = [strdup("PATH=/usr/sbin:/usr/bin"), nil]
        defer { for text in arguments + environment { free(text) } }
        var started: pid_t = 0
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0 && fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
        let result = posix_spawn(&started, "/usr/sbin/nghttpx", &actions, nil, &arguments, &environment)
        close(ends[1])
        process = started
        log = ends[0]
        guard result == 0, await listens(log) else { throw NotThere() }
    }

    /// Reads what it says until it says that it listens.
    private func listens(_ log: Int32) async -> Bool {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "nghttpx").async {
                var text = ""
                var bytes = [UInt8](repeating: 0, count: 4_096)
                while !text.contains("Created worker thread") {
                    let count = read(log, &bytes, bytes.count)
                    guard count > 0 else { break }
                    text += String(decoding: bytes[..<count], as: UTF8.self)
                }
                continuation.resume(returning: text.contains("Created worker thread"))
            }
        }
    }

    deinit {
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
        close(log)
        unlink(socket)
    }
}

@Suite("Our client, nghttpx, and a server on gRPC's C core", .timeLimit(.minutes(1)))
struct InteropProxyTests {
    private func with(_ body: (GRPCClient) async throws -> Void) async throws {
        let (peer, target) = try await PythonPeer.server()
        let proxy = try await Nghttpx(to: target.port)
        try await GRPCClient.with(try GRPCTarget(parsing: "unix:\(proxy.socket)")) { client in
            try await body(client)
        }
        withExtendedLifetime((peer, proxy)) {}
    }

    @Test("Large messages pass in both directions")
    func large() async throws {
        try await with { client in
            let message = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let response = await client.echo(message)
            let isSame = response.message == message
            #expect(isSame, "\(response.status)")
        }
    }

    @Test("Many calls at once get their own answers, and statuses pass")
    func many() async throws {
        try await with { client in
            await withTaskGroup { group in
                for number in UInt8(0)..<100 { group.addTask { (number, await client.echo([number])) } }
                for await (number, response) in group { #expect(response.message == [number], "\(response.status)") }
            }
            let nothing = await client.unary(path: "/test.Peer/Nothing", message: [], timeout: .seconds(50))
            #expect(nothing.status.code == .unimplemented)
        }
    }
}
