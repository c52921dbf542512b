import Foundation
import Testing

@Suite("Bundles", .timeLimit(.minutes(2)))
struct BundleTests {
    /// An API key and a token, whole and in the pieces in which an agent writes them.
    private static let key = "sk-ant-api03-Zq7Zq7Zq7Zq7Zq7Zq7Zq7"
    private static let token = "ghp_Zq7Zq7Zq7Zq7Zq7Zq7Zq7Zq7Zq7Zq7Zq7Zq"
    private static let known = "plain-words-that-only-the-environment-tells"

    /// A session that reads secrets aloud, in writes that cut them.
    private static let talkative = """
        echo '{"type":"system","subtype":"init","session_id":"s","model":"m","claude_code_version":"9.9.9","tools":[]}'
        printf '%s' '{"type":"user","message":{"role":"user","content":"key \(key.prefix(9))'
        sleep 0.1
        printf '%s\\n' '\(key.dropFirst(9)) and \(known)"}}'
        printf '%s' '{"type":"result","subtype":"success","is_error":false,"result":"I found \(token.prefix(11))'
        sleep 0.1
        printf '%s\\n' '\(token.dropFirst(11)).\\nSTATUS: complete","num_turns":1,"session_id":"s",\
        "total_cost_usd":0.5,"modelUsage":{"m":{"inputTokens":1,"outputTokens":2,"cacheReadInputTokens":3,\
        "cacheCreationInputTokens":4,"costUSD":0.5}}}'
        """

    /// A bundle, unpacked by Python's tarfile.
    private struct Unpacked {
        /// The names of what is in it, with their modes.
        var modes: [String: Int]
        var directory: String

        /// A file of it.
        func data(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: "\(directory)/\(name)")) }

        /// A file that is one JSON value.
        func json(_ name: String) throws -> JSON { try JSON(data(name)) }
    }

    private func unpack(_ archive: String, in place: Place) async throws -> Unpacked {
        let script = """
            import json, sys, tarfile
            with tarfile.open(sys.argv[1], "r:gz") as archive:
                archive.extractall(sys.argv[2])
                print(json.dumps({member.name: member.mode for member in archive.getmembers()}))
            """
        let target = "\(place.directory)/unpacked-\(UUID().uuidString)"
        let python = try Program(
            Equipment.python,
            ["-c", script, archive, target],
            environment: Equipment.base,
            directory: place.directory,
            files: place.directory
        )
        let end = try await python.end()
        try #require(end.code == 0, "\(end.errors)")
        let modes = try JSONDecoder().decode([String: Int].self, from: end.outputBytes)
        let top = try #require(modes.keys.min { $0.count < $1.count })
        return Unpacked(modes: modes, directory: "\(target)/\(top)")
    }

    @Test("A bundle has result, plan section, stream, trace and versions, and no secret anywhere")
    func contents() async throws {
        let agent = try StandIn(Self.talkative)
        let place = agent.place
        let plan = """
            # M

            ## Task 1.1: Create hello.py

            **Acceptance Criteria:**
            - [ ] File `hello.py` exists

            ## Task 1.2: Others' business

            Not to be told.

            """
        let file = try place.write(plan, to: "plan.md")
        let secret = ["SERVICE_PASSWORD": Self.known]
        let run = try await agent.run(plan: file, ["--json"], environment: secret)
        #expect(run.code == 0, "\(run.output)\(run.errors)")
        let id = try #require(run.runID)
        let end = try await place.run(["bundle", "latest"], environment: secret)
        #expect(end.code == 0, "\(end.errors)")
        #expect(end.output.hasPrefix("Bundle:   orchestrator-bundle-\(id).tar.gz ("), "\(end.output)")
        #expect(end.output.contains("stream.jsonl: 2 × token, 1 × value of an environment variable"), "\(end.output)")
        let archive = "\(place.directory)/orchestrator-bundle-\(id).tar.gz"
        let attributes = try FileManager.default.attributesOfItem(atPath: archive)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let bundle = try await unpack(archive, in: place)
        let names = ["manifest.json", "plan.md", "result.json", "stream.jsonl", "trace.jsonl"]
        let top = "orchestrator-bundle-\(id)"
        #expect(Set(bundle.modes.keys) == Set([top] + names.map { "\(top)/\($0)" }))
        for name in names {
            let data = try bundle.data(name)
            for secret in [Self.key, Self.token, Self.known, "Zq7Zq7"] {
                #expect(data.range(of: Data(secret.utf8)) == nil, "\(name)")
            }
        }
        try checkStream(bundle, of: run)
        try checkResult(bundle, of: run)
        try checkManifest(bundle, of: id)
        let section = String(decoding: try bundle.data("plan.md"), as: UTF8.self)
        #expect(section.hasPrefix("## Task 1.1: Create hello.py\n") && !section.contains("Not to be told"))
        #expect(leftovers(place) == ["orchestrator-bundle-\(id).tar.gz"])
    }

    private func checkStream(_ bundle: Unpacked, of run: Program.End) throws {
        let original = try Data(contentsOf: URL(filePath: try #require(try run.json["stream"].string)))
        let lines = try bundle.data("stream.jsonl").split(separator: 0x0A)
        #expect(lines.count == original.split(separator: 0x0A).count)
        let records = try lines.map { try JSON($0) }
        #expect(records[1]["message"]["content"] == "key [redacted] and [redacted]")
        #expect(records[2]["result"].string == "I found [redacted].\nSTATUS: complete")
        for line in try bundle.data("trace.jsonl").split(separator: 0x0A) {
            #expect(try JSON(line)["resourceSpans"].array.isEmpty == false)
        }
    }

    private func checkResult(_ bundle: Unpacked, of run: Program.End) throws {
        let result = try bundle.json("result.json")
        let told = try run.json
        #expect(result["attempts"].array.count == 1)
        let attempt = try #require(result["attempts"].array.first)
        for key in [
            "run_id", "task_id", "status", "cause", "exit_code", "claim", "verdict", "session_id", "stream", "cost_usd",
            "started_at", "ended_at", "duration_seconds", "trace_id", "changes", "processes", "models", "attempt",
        ] {
            #expect(attempt[key] == told[key], "\(key)")
        }
        #expect(attempt["verification"]["checks"] == told["checks"])
        #expect(attempt["output"].string == "I found [redacted].\nSTATUS: complete")
        #expect(attempt["task_options"]["allowedTools"].array.contains("Bash"))
        #expect(attempt["agent_version"] == "9.9.9")
    }

    private func checkManifest(_ bundle: Unpacked, of id: String) throws {
        let manifest = try bundle.json("manifest.json")
        #expect(manifest["run_id"].string == id)
        #expect(manifest["schema_version"] == 1)
        #expect(manifest["missing"].array.isEmpty)
        let files = manifest["files"].array
        #expect(files.map(\.["name"]) == ["result.json", "plan.md", "stream.jsonl", "trace.jsonl"])
        for file in files {
            let name = try #require(file["name"].string)
            #expect(try file["bytes"].number == Double(bundle.data(name).count), "\(name)")
            #expect(file["sha256"].string?.wholeMatch(of: /[0-9a-f]{64}/) != nil, "\(name)")
        }
        #expect(files[2]["redactions"] == ["token": 2, "value of an environment variable": 1])
        let versions = manifest["versions"]
        #expect(versions["orchestrator"]["bundling"] == versions["orchestrator"]["recorded"].array.first)
        #expect(versions["agent"]["recorded"] == .array(["9.9.9"]))
        #expect(versions["sandbox"]["kind"] == "none")
        #expect(versions["kernel"].string?.hasPrefix("Linux ") == true)
        #expect(versions["os"].string?.isEmpty == false)
    }

    /// What of bundles lies in the current directory.
    private func leftovers(_ place: Place) -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: place.directory)) ?? []
        return all.filter { $0.contains("bundle") }
    }

    @Test("A file that is there is not overwritten without --force; --output names another, --json tells the same")
    func overwriting() async throws {
        let place = try Place(collector: ClosedPort.shared.url)
        let run = try await place.replay("hello_world", ["--json"])
        #expect(run.code == 0, "\(run.errors)")
        let other = try place.write("precious", to: "a b/bundle.tar.gz")
        let refused = try await place.run(["bundle", "latest", "-o", other])
        #expect(refused.code == 64)
        #expect(
            refused.errors == "orchestrator: \(other) is there already. "
                + "Way out: --force replaces it, or name another file with --output\n"
        )
        #expect(try String(contentsOfFile: other, encoding: .utf8) == "precious")
        let missing = try await place.run(["bundle", "latest", "-o", place.directory + "/no/such.tar.gz"])
        #expect(missing.code == 64)
        #expect(missing.errors.contains("no/such.tar.gz cannot be written: No such file or directory."))
        let end = try await place.run(["bundle", "latest", "--output", other, "--force", "--json"])
        #expect(end.code == 0, "\(end.errors)")
        let json = try end.json
        #expect(json["path"].string == other)
        #expect(json["run_id"].string == run.runID)
        #expect(json["at_work"] == false)
        #expect(json["redactions"] == 0)
        let size = try FileManager.default.attributesOfItem(atPath: other)[.size] as? Int
        #expect(json["bytes"].number == size.map(Double.init))
        let names = ["result.json", "plan.md", "stream.jsonl", "trace.jsonl", "manifest.json"]
        #expect(json["files"].array.map { $0["name"].string } == names)
        let bundle = try await unpack(other, in: place)
        let stream = try Data(contentsOf: URL(filePath: try #require(try run.json["stream"].string)))
        #expect(try bundle.data("stream.jsonl") == stream, "without secrets it is the same, byte for byte")
        #expect(
            try bundle.json("manifest.json")["versions"]["sandbox"]["bubblewrap"].string?.hasPrefix("bubblewrap ")
                == true
        )
        #expect(leftovers(place) == [])
    }

    @Test("A missing stream is noted; all attempts of a run are packed, or the one that is named")
    func attempts() async throws {
        let agent = try StandIn("echo '{\"type\":\"system\",\"subtype\":\"init\",\"session_id\":\"s\"}'; exit 3")
        let run = try await agent.run(["--json", "--retries", "0"])
        let id = try #require(run.runID)
        _ = try await agent.place.run(
            ["resume", id, "--retries", "0"],
            environment: ["PATH": agent.place.directory + "/bin:" + (Equipment.base["PATH"] ?? "")]
        )
        try FileManager.default.removeItem(atPath: try #require(try run.json["stream"].string))
        let both = try await agent.place.run(["bundle", String(id.suffix(6)), "--json"]).json
        let names = both["files"].array.map { $0["name"].string }
        #expect(names == ["result.json", "plan.md", "trace.jsonl", "stream-2.jsonl", "trace-2.jsonl", "manifest.json"])
        #expect(both["missing"] == .array(["stream.jsonl"]))
        let bundle = try await unpack("\(agent.place.directory)/orchestrator-bundle-\(id).tar.gz", in: agent.place)
        let attempts = try bundle.json("result.json")["attempts"].array
        #expect(attempts.map(\.["attempt"]) == [1, 2])
        #expect(attempts.last?["continues"].string == "\(id).1")
        #expect(try bundle.json("manifest.json")["missing"].array.map(\.["name"]) == ["stream.jsonl"])
        let second = try await agent.place.run(["bundle", id + ".2", "-o", "second.tar.gz", "--json"]).json
        #expect(
            second["files"].array.map { $0["name"].string } == [
                "result.json", "plan.md", "stream-2.jsonl", "trace-2.jsonl", "manifest.json",
            ]
        )
        #expect(second["missing"] == .array([]))
    }

    @Test("A run at work is packed as it is, and goes on")
    func atWork() async throws {
        let agent = try StandIn(
            """
            echo '{"type":"system","subtype":"init","session_id":"s","model":"m"}'
            touch ready; while [ ! -e go ]; do sleep 0.1; done
            \(StandIn.completes)
            """
        )
        let program = try agent.start(["--json"])
        _ = try await eventually("the agent to be at work") {
            FileManager.default.fileExists(atPath: agent.place.workspace + "/ready") ? true : nil
        }
        let end = try await agent.place.run(["bundle", "latest"])
        #expect(end.code == 0, "\(end.errors)")
        #expect(end.output.contains("At work:  attempt 1, process \(program.identifier); it is packed as it is now"))
        #expect(try await agent.place.run(["bundle", "latest", "--force", "--json"]).json["at_work"] == true)
        try agent.place.write("", to: "workspace/go")
        let run = try await program.end()
        #expect(run.code == 0, "\(run.output)\(run.errors)")
    }

    @Test("A run that was killed is packed as far as it came")
    func killed() async throws {
        let agent = try StandIn("touch ready; exec sleep 600")
        let program = try agent.start()
        _ = try await eventually("the agent to be at work") {
            FileManager.default.fileExists(atPath: agent.place.workspace + "/ready") ? true : nil
        }
        program.send(signal: SIGKILL)
        #expect(try await program.end().isBySignal)
        let end = try await agent.place.run(["bundle", "latest"])
        #expect(end.code == 0, "\(end.errors)")
        #expect(end.output.contains("Killed:   attempt 1 has no end yet; orchestrator reap closes it"), "\(end.output)")
    }

    @Test("No run, an unknown run, and no tar are told with the way out; nothing is made")
    func refusals() async throws {
        let place = try Place(collector: ClosedPort.shared.url)
        let empty = try await place.run(["bundle", "latest"])
        #expect(empty.code == 64)
        #expect(empty.errors.contains("There are no runs yet: \(place.state) has no journal."), "\(empty.errors)")
        #expect(!FileManager.default.fileExists(atPath: place.state))
        let run = try await place.replay("failed")
        #expect(run.code == 1, "\(run.errors)")
        let unknown = try await place.run(["bundle", "nobody"])
        #expect(unknown.code == 64)
        #expect(unknown.errors.contains("There is no run nobody."))
        let bare = try await place.run(["bundle", "latest"], environment: ["PATH": place.directory])
        #expect(bare.code == 69)
        #expect(bare.errors.contains("tar, which packs the bundle, is not on PATH."), "\(bare.errors)")
        #expect(leftovers(place) == [])
    }
}
