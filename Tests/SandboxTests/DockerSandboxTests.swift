import Testing

@testable import Sandbox

@Suite("Docker", .timeLimit(.minutes(2)))
struct DockerSandboxTests {
    /// What both ways to use a sandbox say when it cannot be used.
    private func failures(of sandbox: DockerSandbox) async -> (inspect: SandboxError?, run: SandboxError?) {
        let inspect = await #expect(throws: SandboxError.self) { try await sandbox.inspect() }
        let run = await #expect(throws: SandboxError.self) { try await sandbox.capture(SandboxCommand(["true"])) }
        return (inspect, run)
    }

    @Test("A running container is described by name, id and image")
    func description() async throws {
        try await withContainer { container in
            let description = try await DockerSandbox(container: container, environment: TestEnvironment.client)
                .inspect()
            let id = try await docker("inspect", "--format", "{{.Id}}", container).text
            #expect(description.kind == .docker)
            #expect(description.containerName == container)
            #expect(description.containerID.map { $0 + "\n" } == id)
            #expect(description.containerImage == TestEnvironment.image)
            #expect(description.warning == nil)
        }
    }

    @Test("Without a client the error names the package")
    func noClient() async throws {
        let sandbox = DockerSandbox(container: "c", environment: ["PATH": "/no/such/directory"])
        let errors = await failures(of: sandbox)
        #expect(errors.inspect?.code == .toolMissing)
        #expect(errors.inspect?.remedy?.contains("docker.io") == true)
        #expect(errors.run == errors.inspect)
        #expect(await sandbox.stop(attempt: "a", since: nil, grace: .zero).failure?.contains("docker.io") == true)
    }

    @Test("Without a daemon the error says how to start it")
    func noDaemon() async throws {
        var environment = TestEnvironment.client
        environment["DOCKER_HOST"] = "unix:///no/such/socket"
        let sandbox = DockerSandbox(container: "c", environment: environment)
        let errors = await failures(of: sandbox)
        #expect(errors.inspect?.code == .daemonUnreachable)
        #expect(errors.inspect?.remedy?.contains("start docker") == true)
        #expect(errors.run?.code == .daemonUnreachable)
        #expect(await sandbox.stop(attempt: "a", since: nil, grace: .zero).failure?.contains("daemon") == true)
    }

    @Test("A missing container is named, and the error says how to make it")
    func noContainer() async throws {
        let sandbox = DockerSandbox(container: "no-such-container", environment: TestEnvironment.client)
        for error in [await failures(of: sandbox).inspect, await failures(of: sandbox).run] {
            #expect(error?.code == .containerMissing)
            #expect(error?.message == "There is no container no-such-container.")
            #expect(error?.remedy == "make sandbox")
        }
        #expect(await sandbox.stop(attempt: "a", since: nil, grace: .zero) == StopReport(), "nothing can run in it")
    }

    @Test("A stopped and a paused container are told apart, each with its remedy")
    func notRunning() async throws {
        try await withContainer { container in
            let sandbox = DockerSandbox(container: container, environment: TestEnvironment.client)
            _ = try await docker("pause", container)
            let paused = await failures(of: sandbox)
            #expect(paused.inspect?.code == .containerNotRunning)
            #expect(paused.inspect?.remedy == "docker unpause \(container)")
            #expect(paused.run?.remedy == paused.inspect?.remedy)
            #expect(await sandbox.stop(attempt: "a", since: nil, grace: .zero).failure?.contains("paused") == true)
            _ = try await docker("unpause", container)
        }
        let name = "orchestrator-test-\(UInt64.random(in: 0...UInt64.max))"
        let created = try await docker("create", "--name", name, TestEnvironment.image, "true")
        #expect(created.result.termination == .exited(0))
        let sandbox = DockerSandbox(container: name, environment: TestEnvironment.client)
        let stopped = await failures(of: sandbox)
        #expect(stopped.inspect?.code == .containerNotRunning)
        #expect(stopped.inspect?.remedy == "docker start \(name)")
        #expect(stopped.run?.remedy == stopped.inspect?.remedy)
        #expect(await sandbox.stop(attempt: "a", since: nil, grace: .zero) == StopReport(), "nothing can run in it")
        _ = try await docker("rm", "--force", name)
    }

    @Test("A command's own code 126 and its own words are no error of Docker's")
    func ownWords() async throws {
        try await withContainer { container in
            let sandbox = DockerSandbox(container: container, environment: TestEnvironment.client)
            let scripts: [(script: String, output: String, code: Int32)] = [
                ("exit 126", "", 126),
                ("echo OCI runtime exec failed: not really; exit 0", "OCI runtime exec failed: not really\n", 0),
                ("echo OCI runtime; exit 127", "OCI runtime\n", 127),
                ("echo done; echo 'Error: No such container: x' >&2; exit 1", "done\n", 1),
                ("echo 'Traceback: error' >&2; exit 1", "", 1),
            ]
            for (script, output, code) in scripts {
                let captured = try await sandbox.capture(.shell(script))
                #expect(captured.text == output)
                #expect(captured.result.termination == .exited(code))
            }
        }
    }

    @Test("PATH and HOME of a command do not reach the client, and what would steer it is refused")
    func clientVariables() async throws {
        try await withContainer { container in
            let sandbox = DockerSandbox(container: container, environment: TestEnvironment.client)
            var command = SandboxCommand(["/bin/sh", "-c", "echo $PATH $HOME"])
            command.environment = ["PATH": "/only/inside", "HOME": "/workspace/home"]
            let captured = try await sandbox.capture(command)
            #expect(captured.text == "/only/inside /workspace/home\n")
            command.environment = ["DOCKER_HOST": "unix:///elsewhere"]
            let error = await #expect(throws: SandboxError.self) { try await sandbox.capture(command) }
            #expect(error?.message.contains("DOCKER_HOST") == true)
        }
    }
}

@Suite("Docker's messages and a command's output")
struct DockerOutputGateTests {
    @Test("Output passes at the first byte that differs, whole", arguments: [1, 7, 100])
    func passes(_ size: Int) {
        let text = Array("OCI runtime error\nmore".utf8)
        let gate = DockerOutputGate()
        var passed: [UInt8] = []
        for start in stride(from: 0, to: text.count, by: size) {
            passed += gate.admit(Array(text[start..<min(start + size, text.count)]))
        }
        #expect(passed == text)
        #expect(gate.held.isEmpty && gate.isOpen)
    }

    @Test("A message is held, but not for ever")
    func holds() {
        let gate = DockerOutputGate()
        #expect(gate.admit(DockerOutputGate.message).isEmpty)
        #expect(gate.held == DockerOutputGate.message)
        let more = [UInt8](repeating: 65, count: DockerOutputGate.longestMessage)
        #expect(gate.admit(more) == DockerOutputGate.message + more)
        #expect(gate.isOpen && gate.held.isEmpty)
    }
}
