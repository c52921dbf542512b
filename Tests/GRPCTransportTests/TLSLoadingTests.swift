import FoundationEssentials
import Glibc
import Testing

@testable import GRPCTransport

@Suite("When OpenSSL is loaded", .timeLimit(.minutes(1)))
struct TLSLoadingTests {
    /// The libraries that a new process of this program loads for one test, as the dynamic linker tells them.
    private func libraries(for test: String) throws -> String {
        let directory = FileManager.default.temporaryDirectory.path + "/otel-\(UInt64.random(in: 0...(.max)))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let words = ["/proc/self/exe", "--testing-library", "swift-testing", "--filter", test]
        let variables = ["PATH=/usr/bin:/bin", "LD_DEBUG=files", "LD_DEBUG_OUTPUT=\(directory)/ld"]
        var argv = words.map { strdup($0) } + [nil]
        var environment = variables.map { strdup($0) } + [nil]
        defer { for text in argv + environment { free(text) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for output in [Int32(1), 2] { posix_spawn_file_actions_addopen(&actions, output, "/dev/null", O_WRONLY, 0) }
        var child: pid_t = 0
        try #require(posix_spawn(&child, words[0], &actions, nil, &argv, &environment) == 0)
        var status: Int32 = 0
        try #require(waitpid(child, &status, 0) == child)
        try #require(status == 0, "the child process failed")
        return try String(contentsOfFile: "\(directory)/ld.\(child)", encoding: .utf8)
    }

    @Test("A process that talks in cleartext does not load it")
    func cleartext() throws {
        let loaded = try libraries(for: "GRPCTransportTests.ClientServerTests/echo")
        #expect(loaded.contains("libnghttp2.so"))
        #expect(!loaded.contains("libssl") && !loaded.contains("libcrypto"))
    }

    @Test("A process with TLS does")
    func encrypted() throws {
        let loaded = try libraries(for: "GRPCTransportTests.TLSFaultTests/silentClient")
        #expect(loaded.contains("libssl.so.3") && loaded.contains("libcrypto.so.3"))
    }
}
