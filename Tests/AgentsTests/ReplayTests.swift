import FoundationEssentials
import Sandbox
import Testing

@testable import Agents

@Suite("Replaying a recording")
struct ReplayTests {
    private static let recordings = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "TestPlans/recordings")

    private static func path(_ name: String) -> String { recordings.appending(path: name).path }

    /// A recording of tool calls, each with whether it succeeded.
    private static func recording(_ calls: [(name: String, input: String, succeeded: Bool)]) -> String {
        var lines = [#"{"type":"system","subtype":"init","session_id":"s","cwd":"/workspace"}"#]
        for (index, call) in calls.enumerated() {
            let block = #"{"type":"tool_use","id":"t\#(index)","name":"\#(call.name)","input":\#(call.input)}"#
            lines.append(#"{"type":"assistant","message":{"id":"m\#(index)","content":[\#(block)]}}"#)
            let result = #"{"type":"tool_result","tool_use_id":"t\#(index)","is_error":\#(!call.succeeded)}"#
            lines.append(#"{"type":"user","message":{"content":[\#(result)]}}"#)
        }
        lines.append(
            #"{"type":"assistant","message":{"id":"z","content":[{"type":"text","text":"STATUS: complete"}]}}"#
        )
        lines.append(#"{"type":"result","subtype":"success","is_error":false,"result":"STATUS: complete"}"#)
        return lines.joined(separator: "\n") + "\n"
    }

    private func replay(
        _ calls: [(name: String, input: String, succeeded: Bool)],
        in scratch: borrowing Scratch
    ) async throws -> AgentReport {
        try scratch.write(Self.recording(calls), to: "recording.jsonl")
        let agent = ReplayAgent(recording: scratch.path + "/recording.jsonl")
        return try await agent.run(.stub(), in: scratch.sandbox, Witness())
    }

    @Test("The recorded hello world leaves a hello.py that really prints")
    func helloWorld() async throws {
        let scratch = try Scratch()
        let agent = ReplayAgent(recording: Self.path("hello_world.jsonl"))
        #expect(try await agent.inspect(in: scratch.sandbox).version == "2.1.330")
        let witness = Witness()
        let report = try await agent.run(.stub(), in: scratch.sandbox, witness)
        let bytes = Array(try Data(contentsOf: URL(filePath: Self.path("hello_world.jsonl"))))
        #expect(report == Sample.report(of: bytes, .exited(0)))
        #expect(report.finalText.hasSuffix("STATUS: complete"))
        #expect(report.usage.map(\.totalTokens) == [3200])
        #expect(await witness.recorded == bytes)
        #expect(await witness.events == Sample.events(bytes))
        #expect(try scratch.text("hello.py") == "print(\"Hello, World!\")\n")
    }

    @Test("The other recordings claim what their names say", arguments: ["needs_human", "failed"])
    func otherRecordings(name: String) async throws {
        let scratch = try Scratch()
        let agent = ReplayAgent(recording: Self.path("\(name).jsonl"))
        let report = try await agent.run(.stub(), in: scratch.sandbox, Witness())
        #expect(report.ending == .finished)
        #expect(report.finalText.contains("STATUS: \(name)"))
    }

    @Test("Files are written and edited, and a directory that bash changed into stays")
    func tools() async throws {
        let scratch = try Scratch()
        let edit = #"{"old_string":"one","new_string":"1","replace_all":true}"#
        let report = try await replay(
            [
                ("Write", #"{"file_path":"/workspace/sub/a.txt","content":"one one two"}"#, true),
                ("Edit", #"{"file_path":"/workspace/sub/a.txt","old_string":"two","new_string":"2"}"#, true),
                (
                    "MultiEdit",
                    #"{"file_path":"/workspace/sub/a.txt","edits":[\#(edit)]}"#,
                    true
                ),
                ("Edit", #"{"file_path":"/workspace/new.txt","old_string":"","new_string":"new"}"#, true),
                ("Bash", #"{"command":"cd /workspace/sub && exit 0"}"#, true),
                ("Bash", #"{"command":"cp a.txt b.txt; cat /workspace/sub/a.txt > ../c.txt"}"#, true),
                ("Bash", #"{"command":"exit 7"}"#, false),
            ],
            in: scratch
        )
        #expect(report.ending == .finished)
        #expect(try scratch.text("sub/b.txt") == "1 1 2")
        #expect(try scratch.text("c.txt") == "1 1 2")
        #expect(try scratch.text("new.txt") == "new")
    }

    @Test("What failed in the recording is not carried out")
    func failedCalls() async throws {
        let scratch = try Scratch()
        let report = try await replay([("Write", #"{"file_path":"/workspace/a","content":"x"}"#, false)], in: scratch)
        #expect(report.ending == .finished)
        #expect(throws: (any Error).self) { try scratch.text("a") }
    }

    @Test("A call that fails here is told, its words too, and nothing is done after it")
    func diverged() async throws {
        let scratch = try Scratch()
        let report = try await replay(
            [
                ("Bash", #"{"command":"echo no such thing >&2; exit 5"}"#, true),
                ("Write", #"{"file_path":"/workspace/a","content":"x"}"#, true),
            ],
            in: scratch
        )
        let message = "Bash `echo no such thing >&2; exit 5`: exit code 5 no such thing"
        #expect(report.ending == .replayDiverged(message: message))
        #expect(report.finalText == "STATUS: complete")
        #expect(throws: (any Error).self) { try scratch.text("a") }
    }

    @Test("An edit whose text is not there exactly once diverges", arguments: ["absent", "a"])
    func editDiverges(old: String) async throws {
        let scratch = try Scratch()
        try scratch.write("a a", to: "f")
        let input = #"{"file_path":"/workspace/f","old_string":"\#(old)","new_string":"b"}"#
        let report = try await replay([("Edit", input, true)], in: scratch)
        #expect(report.ending.label == "replayDiverged")
        #expect(try scratch.text("f") == "a a")
    }

    @Test("Paths outside the workspace are refused", arguments: ["/etc/x", "/workspace/../x", "/workspaces/x", "../x"])
    func escapes(path: String) async throws {
        let sandbox = FakeSandbox(workspace: "/somewhere")
        let scratch = try Scratch()
        let input = #"{"file_path":"\#(path)","content":"x"}"#
        try scratch.write(Self.recording([("Write", input, true)]), to: "recording.jsonl")
        let agent = ReplayAgent(recording: scratch.path + "/recording.jsonl")
        let report = try await agent.run(.stub(), in: sandbox, Witness())
        #expect(report.ending.label == "replayDiverged")
        #expect(await sandbox.log.commands.isEmpty)
    }

    @Test("Every command belongs to the attempt, and one that is stopped ends the session as that")
    func stopped() async throws {
        let sandbox = FakeSandbox(answer: { _ in FakeSandbox.Answer(termination: .exited(143)) })
        let agent = ReplayAgent(recording: Self.path("hello_world.jsonl"))
        let request = AgentRequest.stub()
        let report = try await agent.run(request, in: sandbox, Witness())
        #expect(report.ending == .terminated)
        #expect(report.termination == .exited(143))
        #expect(await sandbox.log.commands.map(\.attempt) == [request.attempt])
    }

    /// Two invocations in one recording: stopped at a limit, then finished.
    private static func twoInvocations() throws -> [UInt8] {
        let first = try Sample.bytes("stream_SIGHUP.jsonl")
        let second = try Sample.bytes("stream_resumed.jsonl")
        return first + InvocationEnd(number: 1, exitCode: 129, stop: "time_limit").line
            + second + InvocationEnd(number: 2, exitCode: 0).line
    }

    private static func place(_ bytes: [UInt8], in scratch: borrowing Scratch) throws -> ReplayAgent {
        try Data(bytes).write(to: URL(filePath: scratch.path).appending(path: "recording.jsonl"))
        return ReplayAgent(recording: scratch.path + "/recording.jsonl")
    }

    private static func request(invocation: Int) -> AgentRequest {
        var request = AgentRequest.stub()
        request.invocation = invocation
        return request
    }

    @Test("An attempt is played invocation by invocation, each ending as recorded, and our own records are not told")
    func invocations() async throws {
        let scratch = try Scratch()
        let agent = try Self.place(Self.twoInvocations(), in: scratch)
        let sandbox = FakeSandbox()
        let (first, second) = (Witness(), Witness())
        let stopped = try await agent.run(Self.request(invocation: 1), in: sandbox, first)
        #expect(stopped.ending == .hungUp)
        #expect(stopped.termination == .exited(129))
        #expect(stopped.recordedStop == "time_limit")
        var expected = try Sample.report(stream: "stream_SIGHUP.jsonl", .exited(129))
        expected.recordedStop = "time_limit"
        #expect(stopped == expected)
        #expect(await first.recorded == Sample.kept(try Sample.bytes("stream_SIGHUP.jsonl")))

        let finished = try await agent.run(Self.request(invocation: 2), in: sandbox, second)
        #expect(finished == (try Sample.report(stream: "stream_resumed.jsonl")))
        #expect(finished.recordedStop == nil)
        for witness in [first, second] {
            let strange = await witness.events.filter { event in
                switch event {
                case .unknown, .malformed: true
                default: false
                }
            }
            #expect(strange.isEmpty)
        }
    }

    @Test("An invocation that the recording does not have is told as such", arguments: [0, 3, -1, Int.max])
    func missingInvocation(number: Int) async throws {
        let scratch = try Scratch()
        let agent = try Self.place(Self.twoInvocations(), in: scratch)
        let report = try await agent.run(Self.request(invocation: number), in: FakeSandbox(), Witness())
        let message = "the recording holds 2 invocations of the agent, and number \(number) is to be played"
        #expect(report.ending == .replayDiverged(message: message))
    }

    @Test("What follows the last end is an invocation that never ended, unless it is blank")
    func unfinishedInvocation() throws {
        let bytes = try Self.twoInvocations()
        #expect(Recording(bytes: bytes).invocations.count == 2)
        #expect(Recording(bytes: bytes + Array(" \n\n".utf8)).invocations.count == 2)
        let unfinished = Recording(bytes: bytes + Array("{}\n".utf8)).invocations
        #expect(unfinished.map(\.end?.exitCode) == [129, 0, nil])
        #expect(Recording(bytes: try Sample.bytes("stream_success.jsonl")).invocations.count == 1)
        // An agent that never began leaves nothing but its end.
        let empty = Recording(bytes: InvocationEnd(number: 1, exitCode: 1).line + bytes).invocations
        #expect(empty.map(\.steps.isEmpty) == [true, false, false])
    }

    @Test(
        "The report is the same from the whole stream and from what is kept of it",
        arguments: [
            "partial_messages", "subagent_partial", "SIGHUP", "pings", "broken_off", "usage_limit_warning", "success",
        ]
    )
    func keptStream(name: String) throws {
        let bytes = try Sample.bytes("stream_\(name).jsonl")
        let kept = Sample.kept(bytes)
        #expect(Sample.kept(kept) == kept)
        #expect(Sample.report(of: kept, .exited(0)) == Sample.report(of: bytes, .exited(0)))
        let lines = Set(bytes.split(separator: 0x0A))
        #expect(kept.split(separator: 0x0A).allSatisfy { lines.contains($0) })
    }

    @Test(
        "A recording that is missing, empty or something else is refused with a way out",
        arguments: [
            nil, "", "\n\n", "plain text\n",
        ]
    )
    func unreadable(text: String?) async throws {
        let scratch = try Scratch()
        if let text { try scratch.write(text, to: "recording.jsonl") }
        let agent = ReplayAgent(recording: scratch.path + "/recording.jsonl")
        let sandbox = scratch.sandbox
        let error = try #require(
            await #expect(throws: AgentError.self) { _ = try await agent.inspect(in: sandbox) }
        )
        #expect(error.code == .recordingUnreadable)
        #expect(error.message.contains(scratch.path))
        #expect(error.remedy != nil)
    }
}

@Suite("Paths and times of a recording")
struct RecordingTests {
    @Test(
        "Paths are mapped from the recorded directory to the workspace",
        arguments: [
            ("/old/dir/a", "/new/a"), ("/old/dir", "/new"), ("a/./b", "/new/a/b"), ("/new/c", "/new/c"),
            ("/old/dir/../dir/x", "/new/x"), ("/old/direct", nil), ("/old", nil), ("/", nil),
        ] as [(String, String?)]
    )
    func paths(path: String, expected: String?) {
        #expect(ReplayPaths(recorded: "/old/dir/", workspace: "/new").map(path) == expected)
    }

    @Test(
        "In commands the directory is replaced where it stands as a path",
        arguments: [
            ("cat /work/a", "cat /new/dir/a"), ("cd /work", "cd /new/dir"), ("/work;/work", "/new/dir;/new/dir"),
            ("/workshop /home/work x/work", "/workshop /home/work x/work"), ("'/work/a b'", "'/new/dir/a b'"),
        ]
    )
    func commands(command: String, expected: String) {
        #expect(ReplayPaths(recorded: "/work", workspace: "/new/dir").map(command: command) == expected)
    }

    @Test("The recorded time is told from the records, and its start from the result")
    func times() throws {
        let recording = Recording(bytes: try Sample.bytes("stream_success.jsonl"))
        let offsets = recording.invocations[0].steps.map(\.offset)
        #expect(offsets == offsets.sorted())
        // The last record was written at .284; the result says that it all took 349 ms.
        #expect(abs((offsets.last ?? .zero) / .milliseconds(1) - 349) < 1)
        #expect(abs(offsets[1] / .milliseconds(1) - 147) < 1)
        #expect(offsets.first == .zero)
    }

    @Test("A pace scales the recorded time, and instant is at once")
    func pace() {
        #expect(ReplayPace.instant.due(.seconds(3)) == nil)
        #expect(ReplayPace.recorded.due(.seconds(3)) == .seconds(3))
        #expect(ReplayPace.scaled(0.5).due(.seconds(3)) == .seconds(1.5))
        #expect(ReplayPace.scaled(-1).due(.seconds(3)) == nil)
        #expect(ReplayPace.scaled(.nan).due(.seconds(3)) == nil)
    }
}
