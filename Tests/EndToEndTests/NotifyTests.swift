import Foundation
import Testing

@Suite("Notifying others of an outcome", .timeLimit(.minutes(2)))
struct NotifyTests {
    /// The plans with a recording each, and what comes of them.
    static let outcomes: [(plan: String, code: Int32, status: String)] = [
        ("hello_world", 0, "completed"), ("failed", 1, "failed"), ("needs_human", 2, "needs_human"),
    ]

    /// Replays the recording of a plan in no sandbox.
    private func run(
        _ plan: String = "hello_world",
        in place: Place,
        _ more: [String] = [],
        environment: [String: String] = [:]
    ) async throws -> Program.End {
        let task = [
            "task", Equipment.plan(plan + ".md"), "1.1", "--agent", Equipment.replay(plan), "--sandbox", "none",
        ]
        return try await place.run(task + ["--workspace", place.workspace] + more, environment: environment)
    }

    private func place() throws -> Place { try Place(collector: ClosedPort.shared.url) }

    /// What it complains of: not what is said of sandbox and telemetry.
    private func complaints(_ end: Program.End) -> [String] {
        #expect(!end.errors.contains(Webhook.secret), "\(end.errors)")
        #expect(!end.output.contains(Webhook.secret), "\(end.output)")
        return end.errors.split(separator: "\n").map(String.init).filter { $0.hasPrefix("orchestrator: ") }
    }

    @Test("A URL is posted, and a command is given, the bytes that --json prints", arguments: outcomes)
    func told(_ outcome: (plan: String, code: Int32, status: String)) async throws {
        let place = try place()
        let webhook = try await Webhook("ok", in: place)
        let end = try await run(
            outcome.plan,
            in: place,
            ["--json"],
            environment: [
                "ORCHESTRATOR_NOTIFY_URL": webhook.url, "ORCHESTRATOR_NOTIFY_COMMAND": HookTrace.command,
                "ANTHROPIC_API_KEY": "sk-ant-test", "ANTHROPIC_AUTH_TOKEN": "x", "CLAUDE_CODE_OAUTH_TOKEN": "x",
                "OTHER": "kept",
            ]
        )
        #expect(end.code == outcome.code, "\(end.output)\(end.errors)")
        #expect(complaints(end) == [])
        let json = try end.json
        #expect(json["status"] == .string(outcome.status))
        let posts = try webhook.posts
        #expect(posts.count == 1)
        let post = try #require(posts.first)
        #expect(post["body"].string == end.output)
        #expect(post["method"] == "POST")
        #expect(post["path"].string == "/\(Webhook.secret)?token=\(Webhook.secret)&a=[1-3]{b,c}")
        #expect(post["headers"]["content-type"] == "application/json")
        #expect(post["headers"]["user-agent"].string?.wholeMatch(of: /orchestrator\/\d+\.\d+\.\d+/) != nil)
        let trace = HookTrace(in: place)
        #expect(try trace.input == end.outputBytes)
        #expect(end.errors.contains("told\ndone\n"), "what a hook prints goes to standard error: \(end.errors)")
        for (name, key) in [
            ("STATUS", "status"), ("TASK_ID", "task_id"), ("RUN_ID", "run_id"), ("CAUSE", "cause"),
            ("VERDICT", "verdict"),
        ] {
            #expect(try trace.variable("ORCHESTRATOR_" + name) == json[key].string, "\(name)")
        }
        #expect(try trace.variable("ORCHESTRATOR_ATTEMPT") == "1")
        #expect(try trace.variable("ORCHESTRATOR_EXIT_CODE") == String(outcome.code))
        #expect(try trace.variable("OTHER") == "kept")
        for name in ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"] {
            #expect(try trace.variable(name) == nil, "\(name)")
        }
    }

    /// The modes of a receiver, how often each is posted to, and what is said of it.
    static let answers: [(mode: String, posts: Int, complaint: String?)] = [
        ("flaky", 2, nil), ("broken", 2, ", in two tries: it answered 500."), ("refusing", 1, ": it answered 404."),
        ("moved", 1, ": it answered 302."), ("breaking", 2, ", in two tries: the connection broke."),
    ]

    @Test("A receiver that fails is tried once more where that may help, and told in one line", arguments: answers)
    func refused(_ answer: (mode: String, posts: Int, complaint: String?)) async throws {
        let place = try place()
        let webhook = try await Webhook(answer.mode, in: place)
        let end = try await run("failed", in: place, ["--notify-url", webhook.url])
        #expect(end.code == 1)
        #expect(try webhook.posts.count == answer.posts)
        #expect(
            complaints(end) == answer.complaint.map { ["orchestrator: The result was not posted to 127.0.0.1" + $0] }
                ?? []
        )
    }

    @Test("A closed port, and a command that fails, are told in a line each; the exit code stays")
    func failing() async throws {
        let place = try place()
        let url = Webhook.url(port: try ClosedPort.shared.number)
        let end = try await run(in: place, ["--notify-url", url, "--notify-command", "exit 7"])
        #expect(end.code == 0)
        #expect(
            complaints(end) == [
                "orchestrator: The result was not posted to 127.0.0.1, in two tries: it refuses the connection.",
                "orchestrator: The notify command failed with exit code 7.",
            ]
        )
    }

    @Test("A receiver that never answers, and a command that never ends, are given up; nothing of it runs on")
    func hanging() async throws {
        let place = try place()
        let webhook = try await Webhook("hang", in: place)
        let hook = "echo $$ >self; sleep 987 & echo $! >child; sleep 987"
        let end = try await run(in: place, ["--notify-url", webhook.url, "--notify-command", hook])
        #expect(end.code == 0)
        #expect(try webhook.posts.count == 1, "it has the result, and another try would be a second one")
        #expect(
            complaints(end) == [
                "orchestrator: The result was not posted to 127.0.0.1: it did not answer within 10 s.",
                "orchestrator: The notify command had not ended after 30 s, and was killed.",
            ]
        )
        #expect(try !HookTrace(in: place).isRunning("self"))
        #expect(try !HookTrace(in: place).isRunning("child"))
    }

    @Test("What a command leaves running is ended, although it has closed nothing")
    func leftBehind() async throws {
        let place = try place()
        let end = try await run(in: place, ["--notify-command", "sleep 987 & echo $! >child"])
        #expect(end.code == 0)
        #expect(complaints(end) == [])
        let trace = HookTrace(in: place)
        _ = try await eventually("the child to end") { try trace.isRunning("child") ? nil : true }
    }

    @Test("An attempt that Ctrl-C has stopped is told as well; a command that reads nothing does no harm")
    func interrupted() async throws {
        let agent = try StandIn("touch ready; exec sleep 600")
        let webhook = try await Webhook("ok", in: agent.place)
        let hook = #"echo "$ORCHESTRATOR_STATUS $ORCHESTRATOR_CAUSE $ORCHESTRATOR_EXIT_CODE" >hook"#
        let program = try agent.start(["--json", "--notify-url", webhook.url, "--notify-command", hook])
        _ = try await eventually("the agent to be at work") {
            FileManager.default.fileExists(atPath: agent.place.workspace + "/ready") ? true : nil
        }
        program.send(signal: SIGINT)
        let end = try await program.end()
        #expect(end.code == 130)
        #expect(complaints(end) == [])
        #expect(try webhook.posts.map { $0["body"].string } == [end.output])
        let told = try String(contentsOfFile: agent.place.directory + "/hook", encoding: .utf8)
        #expect(told == "failed interrupted 130\n")
    }

    @Test("Without curl a URL is refused at the start; `none` lifts it, and a replay tells nobody")
    func start() async throws {
        let place = try place()
        let path = place.directory + "/bin"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for tool in ["env", "sh", "bash", "python3", "cat", "mkdir"] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(path)/\(tool)",
                withDestinationPath: "/usr/bin/\(tool)"
            )
        }
        let environment = ["PATH": path, "ORCHESTRATOR_NOTIFY_URL": Webhook.url(port: 9)]
        let end = try await run(in: place, environment: environment)
        #expect(end.code == 64)
        #expect(
            complaints(end) == [
                "orchestrator: A notify URL is set, and curl, which posts to it, is not on PATH. "
                    + "Way out: install curl, or give --notify-url none"
            ]
        )
        #expect(try await place.journal().isEmpty)
        #expect(try await run(in: place, ["--notify-url", "none"]).code == 0)
        let replay = try await place.run(
            ["replay", "latest", "--sandbox", "none"],
            environment: ["ORCHESTRATOR_NOTIFY_COMMAND": "touch hooked"]
        )
        #expect(replay.code == 0, "\(replay.output)\(replay.errors)")
        #expect(!FileManager.default.fileExists(atPath: place.directory + "/hooked"))
    }
}
