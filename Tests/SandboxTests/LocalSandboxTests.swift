import FoundationEssentials
import Testing

@testable import Sandbox

@Suite("Local and bare", .timeLimit(.minutes(1)))
struct LocalSandboxTests {
    @Test("Inside there is a clean environment")
    func cleanEnvironment() async throws {
        try await withTemporaryDirectory { directory in
            var command = SandboxCommand(["env"], environment: ["EXTRA": "1"])
            command.attempt = "a1"
            let captured = try await localSandbox(in: directory).capture(command)
            let names = Set(captured.text.split(separator: "\n").map { $0.prefix { $0 != "=" } })
            #expect(names == ["PATH", "HOME", "LANG", "PWD", "EXTRA", "ORCHESTRATOR_ATTEMPT_ID"])
            #expect(captured.text.contains("HOME=/home/agent\n"))
        }
    }

    @Test("The workspace and HOME persist, /tmp is private, the rest is read-only, and the user's HOME is not there")
    func fileSystem() async throws {
        try await withTemporaryDirectory { directory in
            let sandbox = try localSandbox(in: directory)
            let script = """
                echo 1 >/workspace/file && echo 2 >$HOME/.kept && echo 3 >/tmp/mine && echo written
                touch /usr/mine /etc/mine /opt/mine 2>/dev/null || echo refused
                ls -A /root \(directory) /etc/shadow /var/run/docker.sock 2>/dev/null | wc -l
                """
            #expect(try await sandbox.capture(.shell(script)).text == "written\nrefused\n0\n")
            #expect(FileManager.default.fileExists(atPath: directory + "/workspace/file"))
            #expect(!FileManager.default.fileExists(atPath: "/tmp/mine"))
            #expect(try await sandbox.capture(.shell("cat ~/.kept; ls -A /tmp | wc -l")).text == "2\n0\n")
        }
    }

    @Test("python3, bash and git run inside, and see no process of the machine")
    func tools() async throws {
        try await withTemporaryDirectory { directory in
            let sandbox = try localSandbox(in: directory)
            let script = """
                python3 -c 'import ssl, json; print("python")' && git init -q . && git --version | cut -c 1-3
                [[ $(ls -d /proc/[0-9]* | wc -l) -lt 8 ]] && echo alone
                """
            let captured = try await sandbox.capture(SandboxCommand(["bash", "-c", script]))
            #expect(captured.text == "python\ngit\nalone\n", "\(captured.result.standardError)")
        }
    }

    @Test("Further directories can be made visible")
    func readOnlyPaths() async throws {
        try await withTemporaryDirectory { directory in
            let tools = directory + "/tools"
            try FileManager.default.createDirectory(atPath: tools, withIntermediateDirectories: true)
            try "#!/bin/sh\necho from a tool\n".write(toFile: tools + "/tool", atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tools + "/tool")
            try FileManager.default.createDirectory(atPath: directory + "/workspace", withIntermediateDirectories: true)
            let sandbox = LocalSandbox(
                workspaceOnHost: directory + "/workspace",
                homeOnHost: directory + "/home",
                readOnlyPaths: [tools],
                searchPath: "\(tools):/usr/bin:/bin",
                environment: TestEnvironment.client
            )
            #expect(try await sandbox.capture(SandboxCommand(["tool"])).text == "from a tool\n")
        }
    }

    @Test("Without bubblewrap the error names the package and the way without it")
    func noBubblewrap() async throws {
        try await withTemporaryDirectory { directory in
            for executable in ["no-such-bwrap", "/no/such/bwrap"] {
                let sandbox = LocalSandbox(
                    workspaceOnHost: directory,
                    homeOnHost: directory + "/home",
                    executable: executable,
                    environment: TestEnvironment.client
                )
                let error = await #expect(throws: SandboxError.self) { try await sandbox.inspect() }
                #expect(error?.code == .toolMissing)
                #expect(error?.remedy == "apt-get install bubblewrap, or --sandbox none")
                let run = await #expect(throws: SandboxError.self) {
                    try await sandbox.capture(SandboxCommand(["true"]))
                }
                #expect(run == error)
            }
        }
    }

    @Test("A missing workspace is an error in both kinds")
    func noWorkspace() async throws {
        let missing = "/no/such/workspace"
        let sandboxes: [any Sandbox] = [
            LocalSandbox(workspaceOnHost: missing, homeOnHost: "/tmp", environment: TestEnvironment.client),
            BareSandbox(workspace: missing, environment: TestEnvironment.client),
        ]
        for sandbox in sandboxes {
            let inspection = await #expect(throws: SandboxError.self) { try await sandbox.inspect() }
            #expect(inspection?.code == .workspaceUnusable)
            #expect(inspection?.message.contains(missing) == true)
            let run = await #expect(throws: SandboxError.self) { try await sandbox.capture(SandboxCommand(["true"])) }
            #expect(run?.code == .workspaceUnusable)
        }
    }

    @Test("The bare sandbox says that nothing is isolated, the local one has nothing to warn of")
    func warning() async throws {
        try await withTemporaryDirectory { directory in
            let bare = try await BareSandbox(workspace: directory, environment: [:]).inspect()
            #expect(bare.warning?.hasPrefix("Nothing is isolated: ") == true)
            let local = try await localSandbox(in: directory).inspect()
            #expect(local == SandboxDescription(kind: .local))
        }
    }

    @Test("A bare command gets the environment that was handed in, and no other")
    func bareEnvironment() async throws {
        try await withTemporaryDirectory { directory in
            let sandbox = BareSandbox(workspace: directory, environment: ["PATH": "/usr/bin:/bin", "A": "1", "B": "1"])
            let captured = try await sandbox.capture(SandboxCommand(["env"], environment: ["B": "2"]))
            #expect(Set(captured.text.split(separator: "\n")) == ["PATH=/usr/bin:/bin", "A=1", "B=2"])
        }
    }

    @Test(
        "A command that a signal ends is told so by the bare sandbox, and by its code everywhere",
        arguments: TestPlace.allCases
    )
    func signal(_ place: TestPlace) async throws {
        let captured = try await place.withSandbox { try await $0.capture(.shell("kill -KILL $$")) }
        #expect(captured.result.termination.code == 137)
        if place == .bare { #expect(captured.result.termination == .signaled(9)) }
    }
}
