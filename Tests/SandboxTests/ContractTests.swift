import FoundationEssentials
import Synchronization
import Testing

@testable import Sandbox

@Suite("What every sandbox promises of running a command", .timeLimit(.minutes(2)))
struct ContractTests {
    @Test("A command's output, error output and exit code come back", arguments: TestPlace.allCases)
    func exitCode(_ place: TestPlace) async throws {
        let captured = try await place.withSandbox { try await $0.capture(.shell("echo out; echo err >&2; exit 7")) }
        #expect(captured.text == "out\n")
        #expect(captured.result == CommandResult(termination: .exited(7), standardError: "err\n"))
    }

    @Test("Arguments arrive as they are, whatever is in them", arguments: TestPlace.allCases)
    func argumentsVerbatim(_ place: TestPlace) async throws {
        let arguments = [
            "-n", "--", "", "a b", "it's \"quoted\"", "line\nbreak\r\n", "$HOME `id` \\ * ~", "ü\u{2028}🙂",
            String(repeating: "x", count: 100_000), "--version",
        ]
        let captured = try await place.withSandbox {
            try await $0.capture(SandboxCommand(["printf", "%s\\0"] + arguments))
        }
        #expect(
            captured.text.split(separator: "\0", omittingEmptySubsequences: false).dropLast().map(String.init)
                == arguments
        )
    }

    @Test("Input of three megabytes is read while output is written", arguments: TestPlace.allCases)
    func largeInput(_ place: TestPlace) async throws {
        let input = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        let captured = try await place.withSandbox {
            try await $0.capture(SandboxCommand(["cat"], standardInput: input), limit: 4_000_000)
        }
        #expect(captured.output == input)
        #expect(!captured.isTruncated)
    }

    @Test("Input that the command does not read harms nothing", arguments: TestPlace.allCases)
    func unreadInput(_ place: TestPlace) async throws {
        let input = [UInt8](repeating: 65, count: 2_000_000)
        let captured = try await place.withSandbox {
            try await $0.capture(SandboxCommand(["head", "-c", "3"], standardInput: input))
        }
        #expect(captured.text == "AAA")
        #expect(captured.result.termination == .exited(0))
    }

    @Test("Without input there is an end of file at once", arguments: TestPlace.allCases)
    func noInput(_ place: TestPlace) async throws {
        let captured = try await place.withSandbox { try await $0.capture(SandboxCommand(["cat"])) }
        #expect(captured.output.isEmpty)
        #expect(captured.result.termination == .exited(0))
    }

    @Test("Output comes in order, in bounded chunks, one at a time, and whole", arguments: TestPlace.allCases)
    func largeOutput(_ place: TestPlace) async throws {
        struct Seen {
            var bytes = 0
            var largest = 0
            var atOnce = 0
            var overlapped = false
        }
        let seen = Mutex(Seen())
        let result = try await place.withSandbox { sandbox in
            try await sandbox.run(SandboxCommand(["head", "-c", "20000000", "/dev/zero"])) { chunk in
                seen.withLock {
                    $0.bytes += chunk.count
                    $0.largest = max($0.largest, chunk.count)
                    $0.overlapped = $0.overlapped || $0.atOnce > 0
                    $0.atOnce += 1
                }
                await Task.yield()
                seen.withLock { $0.atOnce -= 1 }
            }
        }
        let total = seen.withLock { $0 }
        #expect(result.termination == .exited(0))
        #expect(total.bytes == 20_000_000)
        #expect(total.largest <= 65536)
        #expect(!total.overlapped)
    }

    @Test("Of a long error output the last 64 KiB are kept", arguments: TestPlace.allCases)
    func longErrorOutput(_ place: TestPlace) async throws {
        let captured = try await place.withSandbox {
            try await $0.capture(.shell("head -c 1000000 /dev/zero | tr '\\0' x >&2; printf end >&2"))
        }
        #expect(captured.result.standardError.utf8.count == 65536)
        #expect(captured.result.standardError.hasSuffix("xxend"))
    }

    @Test("A capture is cut at its limit, and says so", arguments: TestPlace.allCases)
    func captureLimit(_ place: TestPlace) async throws {
        let captured = try await place.withSandbox {
            try await $0.capture(SandboxCommand(["printf", "123456"]), limit: 4)
        }
        #expect(captured.text == "1234")
        #expect(captured.isTruncated)
    }

    @Test("Variables arrive, and their values are on no command line", arguments: TestPlace.allCases)
    func environmentIsSecret(_ place: TestPlace) async throws {
        let secret = "secret-\(UUID().uuidString)\nsecond line"
        let visible = "visible-\(UUID().uuidString)"
        // The 2 MB keep the command alive, as nobody reads on, while the command lines are looked at.
        var command = SandboxCommand.shell("printf '%s|%s' \"$TOKEN\" \"$EMPTY\"; head -c 2000000 /dev/zero", visible)
        command.environment = ["TOKEN": secret, "EMPTY": "", "HOME": "/tmp"]
        let first = Mutex<[UInt8]?>(nil)
        let found = Mutex((secret: true, visible: false))
        _ = try await place.withSandbox { [command] in
            try await $0.run(command) { chunk in
                guard first.withLock({ $0 }) == nil else { return }
                first.withLock { $0 = chunk }
                let lines = commandLines()
                found.withLock {
                    $0 = (lines.contains { $0.contains(secret) }, lines.contains { $0.contains(visible) })
                }
            }
        }
        let (output, onCommandLine) = (first.withLock { $0 ?? [] }, found.withLock { $0 })
        #expect(output.starts(with: "\(secret)|".utf8))
        #expect(onCommandLine.visible, "the test looks in the right place")
        #expect(!onCommandLine.secret)
    }

    @Test("A command runs in the workspace, or where it is told to", arguments: TestPlace.allCases)
    func workingDirectory(_ place: TestPlace) async throws {
        try await place.withSandbox { sandbox in
            #expect(try await sandbox.capture(SandboxCommand(["pwd"])).text == sandbox.workspace + "\n")
            let elsewhere = SandboxCommand(["pwd"], workingDirectory: "/usr")
            #expect(try await sandbox.capture(elsewhere).text == "/usr\n")
            let written = try await sandbox.capture(.shell("echo 1 >file && cat file"))
            #expect(written.text == "1\n")
        }
    }

    @Test("A missing executable is an error that names it", arguments: TestPlace.allCases)
    func missingExecutable(_ place: TestPlace) async throws {
        try await place.withSandbox { sandbox in
            for name in ["no-such-tool", "/usr/no-such-tool", "/etc/passwd"] {
                let error = await #expect(throws: SandboxError.self) {
                    try await sandbox.capture(SandboxCommand([name]))
                }
                #expect(error?.code == .executableMissing)
                #expect(error?.message.contains(name) == true)
                #expect(error?.remedy != nil)
            }
        }
    }

    @Test("A missing working directory is an error", arguments: TestPlace.allCases)
    func missingDirectory(_ place: TestPlace) async throws {
        try await place.withSandbox { sandbox in
            let command = SandboxCommand(["true"], workingDirectory: "/no/such/directory")
            let error = await #expect(throws: SandboxError.self) { try await sandbox.capture(command) }
            #expect(error?.code == .workspaceUnusable)
        }
    }

    @Test("An argument that is too long for the kernel is an error that says what to do", arguments: TestPlace.allCases)
    func tooLong(_ place: TestPlace) async throws {
        try await place.withSandbox { sandbox in
            let command = SandboxCommand(["true", String(repeating: "x", count: 200_000)])
            let error = await #expect(throws: SandboxError.self) { try await sandbox.capture(command) }
            #expect(error?.code == .startFailed)
            #expect(error?.message.contains("200000") == true)
            #expect(error?.remedy == "pass long text on standard input")
        }
    }

    @Test("What no process can be given is refused, not cut", arguments: TestPlace.allCases)
    func invalidStrings(_ place: TestPlace) async throws {
        try await place.withSandbox { sandbox in
            let commands = [
                SandboxCommand([]), SandboxCommand([""]), SandboxCommand(["echo", "a\0b"]),
                SandboxCommand(["true"], environment: ["A": "a\0b"]),
                SandboxCommand(["true"], environment: ["A=B": "c"]),
            ]
            for command in commands {
                let error = await #expect(throws: SandboxError.self) { try await sandbox.capture(command) }
                #expect(error?.code == .startFailed)
            }
        }
    }

    @Test("What the output closure throws ends the command and is thrown on", arguments: TestPlace.allCases)
    func throwingOutput(_ place: TestPlace) async throws {
        struct Enough: Error {}
        try await place.withSandbox { sandbox in
            await #expect(throws: Enough.self) {
                _ = try await sandbox.run(SandboxCommand(["yes"])) { _ in throw Enough() }
            }
        }
    }
}

/// All command lines of this machine, arguments joined by spaces.
private func commandLines() -> [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.filter { Int32($0) != nil }.compactMap { id in
        FileManager.default.contents(atPath: "/proc/\(id)/cmdline").map {
            String(decoding: $0, as: UTF8.self).replacing("\0", with: " ")
        }
    }
}
