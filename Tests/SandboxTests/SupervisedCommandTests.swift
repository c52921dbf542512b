import FoundationEssentials
import Synchronization
import Testing

@testable import Sandbox

extension OneByOne {
    @Suite("A supervised command is like any other", .timeLimit(.minutes(3)))
    struct SupervisedCommandTests {
        @Test("Output, error output and exit code come through unchanged", arguments: TestPlace.allCases)
        func unchanged(_ place: TestPlace) async throws {
            try await place.withSandbox { sandbox in
                for code in [0, 1, 7, 125, 126, 127, 143, 255] {
                    let script = "printf 'out\\0\\377'; printf 'err, no line end' >&2; exit $1"
                    let captured = try await sandbox.capture(.shell(script, "\(code)", isSupervised: true))
                    #expect(captured.output == Array("out\0".utf8) + [0xFF])
                    #expect(captured.result.standardError == "err, no line end")
                    #expect(captured.result.termination == .exited(Int32(code)))
                }
                let killed = try await sandbox.capture(.shell("kill -KILL $$", isSupervised: true))
                #expect(killed.result == CommandResult(termination: .exited(137)))
                let long = "head -c 1000000 /dev/zero | tr '\\0' x >&2; printf end >&2"
                let text = try await sandbox.capture(.shell(long, isSupervised: true)).result.standardError
                #expect(text.utf8.count == 65536 && text.hasSuffix("xxend"))
            }
        }

        @Test("Variables arrive whatever their names are, and the mark with them", arguments: TestPlace.allCases)
        func environment(_ place: TestPlace) async throws {
            let names = [
                "attempt", "name", "self", "live", "code", "children", "list", "place", "rest", "now", "start",
                "reaper", "_os", "LC_ALL",
            ]
            try await place.withSandbox { sandbox in
                var command = SandboxCommand(["/usr/bin/env", "-0"], attempt: "a/1", isSupervised: true)
                for name in names { command.environment[name] = "value of\n\(name)" }
                command.environment["PATH"] = "/only/inside"
                let captured = try await sandbox.capture(command)
                let entries = Set(captured.text.split(separator: "\0").map(String.init))
                for name in names { #expect(entries.contains("\(name)=value of\n\(name)")) }
                #expect(entries.contains("PATH=/only/inside"))
                #expect(entries.contains("ORCHESTRATOR_ATTEMPT_ID=a/1"))
                #expect(!entries.contains { $0.hasPrefix("ORCHESTRATOR_SUPERVISES=") || $0.hasPrefix("_os_") })
            }
        }

        @Test("Five megabytes of input arrive, and leave no file", arguments: TestPlace.allCases)
        func largeInput(_ place: TestPlace) async throws {
            let input = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
            try await place.withSandbox { sandbox in
                let script = "ls -A /dev/shm /tmp /var/tmp | grep orchestrator-input >&2; cat"
                var command = SandboxCommand.shell(script, isSupervised: true)
                command.standardInput = input
                let captured = try await sandbox.capture(command, limit: 6_000_000)
                #expect(captured.output == input)
                // On the machine itself other tests' commands may be starting.
                if sandbox.kind != .none { #expect(captured.result.standardError == "") }
            }
        }

        @Test(
            "Input that is not read harms nothing, and without input there is an end of file",
            arguments: TestPlace.allCases
        )
        func unreadInput(_ place: TestPlace) async throws {
            try await place.withSandbox { sandbox in
                var command = SandboxCommand(["head", "-c", "3"], isSupervised: true)
                command.standardInput = [UInt8](repeating: 65, count: 2_000_000)
                #expect(try await sandbox.capture(command).text == "AAA")
                let none = try await sandbox.capture(SandboxCommand(["cat"], isSupervised: true))
                #expect(none.output.isEmpty && none.result.termination == .exited(0))
            }
        }

        @Test("Output comes while the command runs", arguments: TestPlace.allCases)
        func streaming(_ place: TestPlace) async throws {
            try await place.withSandbox { sandbox in
                let chunks = Mutex<[String]>([])
                let script = "printf first; while [ ! -e go ]; do sleep 0.02; done; printf second"
                let result = try await sandbox.run(.shell(script, isSupervised: true)) { chunk in
                    let isFirst = chunks.withLock {
                        $0.append(String(decoding: chunk, as: UTF8.self))
                        return $0.count == 1
                    }
                    if isFirst { _ = try await sandbox.capture(.shell("touch go")) }
                }
                #expect(chunks.withLock { $0 } == ["first", "second"])
                #expect(result.termination == .exited(0))
            }
        }

        @Test(
            "A missing executable is an error that names it, and so is one that this system cannot run",
            arguments: TestPlace.allCases
        )
        func missingExecutable(_ place: TestPlace) async throws {
            try await place.withSandbox { sandbox in
                let make = "printf '#!/no/such/interpreter\\n' >tool; chmod +x tool"
                _ = try await sandbox.capture(.shell(make))
                for name in ["no-such-tool", "/usr/no-such-tool", "/etc/passwd", "/usr", "./tool"] {
                    let error = await #expect(throws: SandboxError.self) {
                        try await sandbox.capture(SandboxCommand([name], isSupervised: true))
                    }
                    #expect(error?.code == .executableMissing)
                    #expect(error?.message.contains(name) == true)
                    #expect(error?.remedy != nil)
                }
            }
        }

        @Test("What cannot be started is the same error as without a supervisor", arguments: TestPlace.allCases)
        func notStartable(_ place: TestPlace) async throws {
            try await place.withSandbox { sandbox in
                let commands = [
                    SandboxCommand([]),
                    SandboxCommand(["true"], environment: ["A=B": "c"]),
                    SandboxCommand(["true"], workingDirectory: "/no/such/directory"),
                    SandboxCommand(["true", String(repeating: "x", count: 200_000)]),
                ]
                for plain in commands {
                    var supervised = plain
                    supervised.isSupervised = true
                    let expected = await #expect(throws: SandboxError.self) { try await sandbox.capture(plain) }
                    let error = await #expect(throws: SandboxError.self) { try await sandbox.capture(supervised) }
                    #expect(error?.code == expected?.code)
                    #expect(error?.message == expected?.message)
                }
            }
        }

        @Test("A command may close its streams, be interrupted and signal its group", arguments: TestPlace.allCases)
        func behaviour(_ place: TestPlace) async throws {
            try await place.withSandbox { sandbox in
                let closing = try await sandbox.capture(
                    .shell("exec <&- >&- 2>&-; sleep 0.1; exit 4", isSupervised: true)
                )
                #expect(closing.result == CommandResult(termination: .exited(4)))
                // A shell can trap only what it was not started to ignore.
                let trap = "for s in INT QUIT TERM HUP PIPE; do trap \"echo $s\" $s; kill -$s $$; done"
                let trapping = try await sandbox.capture(.shell(trap, isSupervised: true))
                #expect(trapping.text == "INT\nQUIT\nTERM\nHUP\nPIPE\n")
                let group = try await sandbox.capture(
                    .shell("trap 'exit 5' TERM; kill -TERM 0; sleep 60", isSupervised: true)
                )
                #expect(group.result.termination == .exited(5))
                #expect(group.result.standardError == "")
            }
        }

        @Test("What the output closure throws ends the command and is thrown on", arguments: TestPlace.allCases)
        func throwingOutput(_ place: TestPlace) async throws {
            struct Enough: Error {}
            let time = uniqueSleepTime()
            try await place.withSandbox { sandbox in
                let command = SandboxCommand.shell("setsid env -i sleep $1 & yes", time, isSupervised: true)
                await #expect(throws: Enough.self) { _ = try await sandbox.run(command) { _ in throw Enough() } }
                try await eventually("the command to end") { processes(withArgument: time).isEmpty }
            }
        }
    }
}
