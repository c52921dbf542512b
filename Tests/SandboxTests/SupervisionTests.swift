import Glibc
import Testing

@testable import Sandbox

extension OneByOne {
    @Suite("A supervised command ends with all that it started", .timeLimit(.minutes(3)))
    struct SupervisionTests {
        /// What a stop may name: never what supervises.
        private static let ownNames: Set = ["sh", "sleep", "setsid", "env"]

        @Test(
            "When this program is killed, all ends within ten seconds",
            arguments: TestPlace.allCases,
            Stubborn.allCases
        )
        func programKilled(_ place: TestPlace, _ stubborn: Stubborn) async throws {
            let (attempt, time) = (uniqueAttempt(), uniqueSleepTime())
            try await place.withSandbox { sandbox in
                let probe = try Probe.process(place, sandbox, attempt: attempt, stubborn.rawValue, time)
                try await withFirstOutput {
                    try await probe.run(output: $0)
                } body: { running in
                    try signal(SIGKILL, toProcessNamed: "SandboxProbe", withArgument: time)
                    #expect(try await running.value.termination == .signaled(SIGKILL))
                    try await eventually("the attempt to end", within: .seconds(10)) {
                        processes(withArgument: time).isEmpty
                    }
                    // As `orchestrator reap` does: it learns what was ended meanwhile.
                    let report = await sandbox.stop(attempt: attempt, since: nil, grace: .seconds(1))
                    #expect(report.isClean, "\(report)")
                    // The kernel ended the namespace with the program.
                    if sandbox.kind == .local { return }
                    #expect(report.found.contains { $0.name == "sleep" }, "\(report)")
                    #expect(Set(report.found.map(\.name)).isSubset(of: Self.ownNames), "\(report)")
                    #expect(report.killed.isEmpty != stubborn.ignoresTermination, "\(report)")
                    #expect(await sandbox.stop(attempt: attempt, since: nil, grace: .zero) == StopReport())
                }
            }
        }

        @Test(
            "When the client is killed, that is no exit of the command, and all ends",
            arguments: [SIGKILL, SIGTERM, SIGINT]
        )
        func dockerClientKilled(_ number: Int32) async throws {
            try await clientKilled(.docker, "docker", by: number)
        }

        @Test("When bubblewrap is killed, that is no exit of the command, and all ends")
        func bubblewrapKilled() async throws {
            try await clientKilled(.local, "bwrap", by: SIGKILL)
        }

        private func clientKilled(_ place: TestPlace, _ client: String, by number: Int32) async throws {
            let (attempt, time) = (uniqueAttempt(), uniqueSleepTime())
            try await place.withSandbox { sandbox in
                let script = Stubborn.orphanThatIgnores.rawValue
                let command = SandboxCommand.shell(script, time, attempt: attempt, isSupervised: true)
                try await sandbox.withRunning(command) { running in
                    // Of bubblewrap there are two, the one inside is the other's child.
                    let id = try #require(processes(withArgument: time, named: client).min())
                    kill(id, number)
                    let error = await #expect(throws: SandboxError.self) { try await running.value }
                    #expect(error?.code == .connectionLost)
                    #expect(error?.message.contains("before sh had ended") == true)
                    #expect(error?.cause?.contains(client) == true)
                }
                try await eventually("the attempt to end", within: .seconds(10)) {
                    processes(withArgument: time).isEmpty
                }
                #expect(await sandbox.stop(attempt: attempt, since: nil, grace: .zero).isClean)
            }
        }

        @Test("When the daemon is lost, that is no exit of the command, and all ends")
        func daemonLost() async throws {
            let (attempt, time) = (uniqueAttempt(), uniqueSleepTime())
            try await withContainer { container in
                try await withTemporaryDirectory { directory in
                    // What goes between, to be killed: for the client the daemon is then gone, and the other way round.
                    let socket = directory + "/docker.sock"
                    let script = Stubborn.orphanWithoutEnvironment.rawValue
                    let command = SandboxCommand.shell(script, time, attempt: attempt, isSupervised: true)
                    var environment = TestEnvironment.client
                    environment["DOCKER_HOST"] = "unix://" + socket
                    let sandbox = DockerSandbox(container: container, environment: environment)
                    let proxy = try Self.proxy(to: TestEnvironment.client["DOCKER_HOST"], at: socket)
                    try await withFirstOutput {
                        try await proxy.run(output: $0)
                    } body: { forwarding in
                        try await sandbox.withRunning(command) { running in
                            try signal(SIGKILL, toProcessNamed: "python3", withArgument: socket)
                            let error = await #expect(throws: SandboxError.self) { try await running.value }
                            #expect(error?.code == .connectionLost, "\(String(describing: error))")
                            _ = try await forwarding.value
                        }
                    }
                }
                try await eventually("the attempt to end", within: .seconds(10)) {
                    processes(withArgument: time).isEmpty
                }
                let sandbox = DockerSandbox(container: container, environment: TestEnvironment.client)
                #expect(await sandbox.stop(attempt: attempt, since: nil, grace: .zero).found.count >= 4)
            }
        }

        /// A process that passes a socket's connections on to the daemon's, and says when it is ready.
        private static func proxy(to daemon: String?, at socket: String) throws -> HostProcess {
            let path = String((daemon ?? "unix:///var/run/docker.sock").dropFirst("unix://".count))
            let script = """
                import socket, sys, threading
                def pump(a, b):
                    while data := a.recv(65536): b.sendall(data)
                    b.shutdown(socket.SHUT_WR)
                server = socket.socket(socket.AF_UNIX); server.bind(sys.argv[1]); server.listen(); print("ready", flush=True)
                while True:
                    near, far = server.accept()[0], socket.socket(socket.AF_UNIX)
                    far.connect(sys.argv[2])
                    for pair in (near, far), (far, near): threading.Thread(target=pump, args=pair, daemon=True).start()
                """
            return HostProcess(
                executable: "/usr/bin/python3",
                arguments: ["-c", script, socket, path],
                environment: TestEnvironment.client
            )
        }

        @Test("A killed client is told without a supervisor too")
        func unsupervisedClientKilled() async throws {
            let (attempt, time) = (uniqueAttempt(), uniqueSleepTime())
            try await TestPlace.docker.withSandbox { sandbox in
                try await sandbox.withRunning(.shell("echo ready; sleep $1", time, attempt: attempt)) { running in
                    try signal(SIGKILL, toProcessNamed: "docker", withArgument: time)
                    let error = await #expect(throws: SandboxError.self) { try await running.value }
                    #expect(error?.code == .connectionLost)
                }
                #expect(await sandbox.stop(attempt: attempt, since: nil, grace: .zero).isClean)
            }
        }

        @Test(
            "A stop ends all, names what it found, and nothing that supervises",
            arguments: TestPlace.allCases,
            Stubborn.allCases
        )
        func stopped(_ place: TestPlace, _ stubborn: Stubborn) async throws {
            let (attempt, time) = (uniqueAttempt(), uniqueSleepTime())
            try await place.withSandbox { sandbox in
                let command = SandboxCommand.shell(stubborn.rawValue, time, attempt: attempt, isSupervised: true)
                try await sandbox.withRunning(command) { running in
                    let report = await sandbox.stop(attempt: attempt, since: nil, grace: .milliseconds(300))
                    #expect(report.isClean, "\(report)")
                    #expect(processes(withArgument: time).isEmpty)
                    #expect(report.found.contains { $0.name == "sleep" }, "\(report)")
                    #expect(Set(report.found.map(\.name)).isSubset(of: Self.ownNames), "\(report)")
                    #expect(Set(report.found).isSuperset(of: report.killed))
                    if stubborn == .obeying { #expect(report.found.map(\.name).sorted() == ["sh", "sleep"]) }
                    _ = try await running.value
                    #expect(await sandbox.stop(attempt: attempt, since: nil, grace: .zero) == StopReport())
                }
            }
        }

        @Test("A command that is told to stop may clean up", arguments: TestPlace.allCases)
        func grace(_ place: TestPlace) async throws {
            let (attempt, time) = (uniqueAttempt(), uniqueSleepTime())
            try await place.withSandbox { sandbox in
                let script = "trap 'echo cleaned up; exit 3' TERM; echo ready; sleep \"$1\" & wait"
                try await sandbox.withRunning(.shell(script, time, attempt: attempt, isSupervised: true)) { running in
                    let report = await sandbox.stop(attempt: attempt, since: nil, grace: .seconds(5))
                    #expect(report.isClean && report.killed.isEmpty)
                    let ended = try await running.value
                    #expect(ended.text == "ready\ncleaned up\n")
                    #expect(ended.result == CommandResult(termination: .exited(3)))
                }
            }
        }

        @Test(
            "What a command leaves behind is ended with it, and the next stop names it",
            arguments: TestPlace.allCases
        )
        func leftovers(_ place: TestPlace) async throws {
            let (attempt, time) = (uniqueAttempt(), uniqueSleepTime())
            try await place.withSandbox { sandbox in
                let script = """
                    (setsid env -i sh -c 'trap "" TERM; : >deaf-$0; while :; do sleep $0; done' $1 &)
                    while [ ! -e deaf-$1 ]; do sleep 0.02; done; echo done; exit 6
                    """
                let captured = try await sandbox.capture(.shell(script, time, attempt: attempt, isSupervised: true))
                #expect(captured.text == "done\n")
                #expect(captured.result.termination == .exited(6))
                #expect(processes(withArgument: time).isEmpty)
                let report = await sandbox.stop(attempt: attempt, since: nil, grace: .seconds(1))
                #expect(report.isClean)
                #expect(
                    report.found.map(\.name).contains("sh") && report.killed.map(\.name).contains("sh"),
                    "\(report)"
                )
                #expect(await sandbox.stop(attempt: attempt, since: nil, grace: .zero) == StopReport())
            }
        }

        @Test("A cancelled command throws, and ends with all that it started", arguments: TestPlace.allCases)
        func cancelled(_ place: TestPlace) async throws {
            let (attempt, time) = (uniqueAttempt(), uniqueSleepTime())
            try await place.withSandbox { sandbox in
                let script = Stubborn.orphanWithoutEnvironment.rawValue
                let command = SandboxCommand.shell(script, time, attempt: attempt, isSupervised: true)
                try await sandbox.withRunning(command) { running in
                    running.cancel()
                    await #expect(throws: CancellationError.self) { try await running.value }
                }
                try await eventually("the command to end") { processes(withArgument: time).isEmpty }
                #expect(await sandbox.stop(attempt: attempt, since: nil, grace: .zero).isClean)
            }
        }

        @Test("Killed at random moments, twelve at a time, this program leaves nothing", arguments: TestPlace.allCases)
        func randomKills(_ place: TestPlace) async throws {
            try await place.withSandbox { sandbox in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for round in 0..<12 {
                        group.addTask { try await self.killOne(round, place, sandbox) }
                    }
                    try await group.waitForAll()
                }
            }
        }

        private func killOne(_ round: Int, _ place: TestPlace, _ sandbox: any Sandbox) async throws {
            let (attempt, time) = (uniqueAttempt(), uniqueSleepTime())
            let script = Stubborn.orphanWithoutEnvironment.rawValue
            let probe = try Probe.process(place, sandbox, attempt: attempt, script, time)
            let running = Task { try await probe.run { _ in } }
            try await eventually("the probe") { !processes(withArgument: time, named: "SandboxProbe").isEmpty }
            // From before the client has started to after the command has.
            try await Task.sleep(for: .milliseconds(round * 60 + .random(in: 0..<60)))
            try signal(SIGKILL, toProcessNamed: "SandboxProbe", withArgument: time)
            #expect(try await running.value.termination == .signaled(SIGKILL))
            try await eventually("the attempt to end", within: .seconds(20)) { processes(withArgument: time).isEmpty }
            #expect(await sandbox.stop(attempt: attempt, since: nil, grace: .zero).isClean)
            #expect(await sandbox.stop(attempt: attempt, since: nil, grace: .zero) == StopReport())
        }

        @Test("Without an init in the container orphans are still the attempt's")
        func noInit() async throws {
            let (attempt, time) = (uniqueAttempt(), uniqueSleepTime())
            try await withContainer(hasInit: false) { container in
                let sandbox = DockerSandbox(container: container, environment: TestEnvironment.client)
                let script = Stubborn.orphanThatIgnores.rawValue
                let command = SandboxCommand.shell(script, time, attempt: attempt, isSupervised: true)
                try await sandbox.withRunning(command) { _ in
                    try signal(SIGKILL, toProcessNamed: "docker", withArgument: time)
                    try await eventually("the attempt to end", within: .seconds(10)) {
                        processes(withArgument: time).isEmpty
                    }
                }
                let report = await sandbox.stop(attempt: attempt, since: nil, grace: .zero)
                #expect(report.isClean && report.killed.contains { $0.name == "sleep" }, "\(report)")
            }
        }
    }
}

/// Starts something, waits for its first output, and hands the rest of the test its end.
func withFirstOutput(
    _ start: @escaping @Sendable (@escaping @Sendable ([UInt8]) async throws -> Void) async throws -> CommandResult,
    body: (Task<CommandResult, any Error>) async throws -> Void
) async throws {
    let (ready, signal) = AsyncStream.makeStream(of: Void.self)
    let running = Task {
        defer { signal.finish() }
        return try await start { _ in signal.yield() }
    }
    defer { running.cancel() }
    for await _ in ready { break }
    try await body(running)
}
