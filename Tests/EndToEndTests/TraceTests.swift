import Foundation
import Testing

@Suite("The trace as a waterfall, from the local record", .timeLimit(.minutes(3)))
struct TraceTests {
    private func place() throws -> Place { try Place(collector: try ClosedPort.shared.url) }

    private static let names = [
        "orchestrator.task", "orchestrator.plan", "orchestrator.sandbox", "invoke_agent claude-code",
        "orchestrator.verify", "orchestrator.check exists", "orchestrator.check outputs",
    ]

    /// Whether a name, or a line that has it, is of what the agent does, which depends on the recording.
    private static func isOfTheAgent(_ name: some StringProtocol) -> Bool {
        name.contains("chat ") || name.contains("execute_tool ")
    }

    /// The names of a tree of spans in JSON, parents first.
    private func names(_ spans: [JSON]) -> [String] {
        spans.flatMap { [$0["name"].string ?? "?"] + names($0["children"].array) }
    }

    @Test("The demo runs a recorded task, and ends with its waterfall")
    func demo() async throws {
        let place = try place()
        let demo = try Program(
            "/bin/bash",
            ["\(Equipment.root)/Tests/Support/demo.sh", Equipment.orchestrator, place.workspace],
            environment: place.environment,
            directory: place.directory,
            files: place.directory
        )
        let end = try await demo.end()
        #expect(end.code == 0, "\(end.errors)")
        let parts = end.output.split(separator: "Hello, World!\n")
        let page = try #require(parts.count == 2 ? parts.last : nil, "\(end.output)")
        for name in Self.names { #expect(page.contains(name), "\(name) in \(page)") }
        #expect(page.contains("Trace \(end.traceID ?? "?")"))
    }

    @Test("Text, JSON and link tell the trace of a run; the width is COLUMNS, and there are no colours in a pipe")
    func forms() async throws {
        let place = try place()
        let run = try await place.replay("hello_world")
        let id = try #require(run.runID)
        let trace = try #require(run.traceID)
        let text = try await place.run(["trace"], environment: ["COLUMNS": "72"])
        #expect(text.code == 0 && text.errors.isEmpty, "\(text.errors)")
        let rows = text.output.split(separator: "\n").filter { $0.contains("█") || $0.contains(#/ [▏▎▍▌▋▊▉]/#) }
        for (row, name) in zip(rows.filter { !Self.isOfTheAgent($0) }, Self.names) {
            #expect(row.contains(name), "\(name) in \(row)")
        }
        #expect(rows.map(\.count).max() == 72, "\(text.output)")
        #expect(!text.output.contains("\u{1B}"))

        let json = try await place.run(["trace", String(id.suffix(6)), "--json"]).json
        #expect(json["schema_version"] == 1 && json["run_id"] == .string(id))
        let attempt = try #require(json["attempts"].array.first)
        #expect(attempt["trace_id"] == .string(trace) && attempt["error_count"] == 0)
        #expect(attempt["span_count"].number.map(Int.init) == rows.count, "\(text.output)")
        #expect(names(attempt["spans"].array).filter { !Self.isOfTheAgent($0) } == Self.names)
        #expect(attempt["spans"].array.count == 1)
        #expect(attempt["spans"].array.first?["attributes"]["task.id"] == "1.1")

        for (arguments, more, base) in [
            ([], [:], "http://localhost:16686"), (["--jaeger-url", "https://j/x/"], [:], "https://j/x"),
            ([], ["ORCHESTRATOR_JAEGER_URL": "http://e:1"], "http://e:1"),
        ] as [([String], [String: String], String)] {
            let link = try await place.run(["trace", id, "--open"] + arguments, environment: more)
            #expect(link.output == "\(base)/trace/\(trace)\n")
        }
        try place.write("jaeger_url: http://file:2\n", to: "orchestrator.yaml")
        #expect(try await place.run(["trace", "--open"]).output == "http://file:2/trace/\(trace)\n")
        try place.write("jaeger_url: nowhere\n", to: "orchestrator.yaml")
        #expect(try await place.run(["trace", "--open"]).code == 64)
    }

    @Test("At a terminal it has colours and the terminal's width, unless NO_COLOR or TERM=dumb says otherwise")
    func terminal() async throws {
        let place = try place()
        _ = try await place.replay("hello_world")
        func page(_ environment: [String: String]) async throws -> String {
            let script = "stty cols 66; exec \"$0\" trace"
            let program = try Program(
                Equipment.python,
                [
                    "\(Equipment.root)/Tests/Support/terminal.py", "--", "/bin/bash", "-c", script,
                    Equipment.orchestrator,
                ],
                environment: place.environment.merging(environment) { $1 },
                directory: place.directory,
                files: place.directory
            )
            return try await program.end().output
        }
        let coloured = try await page(["TERM": "xterm"])
        #expect(coloured.contains("\u{1B}[36m"), "\(coloured)")
        for environment in [["TERM": "dumb"], ["TERM": "xterm", "NO_COLOR": "1"]] {
            let plain = try await page(environment)
            #expect(!plain.contains("\u{1B}"), "\(plain.debugDescription)")
            #expect(plain.split(separator: "\n").filter { $0.contains("█") }.map(\.count).max() == 66, "\(plain)")
            #expect(coloured.replacing(#/\u{1B}\[[\d;]+m/#, with: "") == plain)
        }
    }

    @Test("A record that is cut, lacks its root and was written by an enemy is shown as far as it goes")
    func damaged() async throws {
        let place = try place()
        let run = try await place.replay("hello_world")
        let id = try #require(run.runID)
        let file = "state/runs/\(id)/trace.jsonl"
        func span(_ name: String, _ id: String, _ parent: String, _ more: String = "") -> String {
            """
            {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0123456789abcdef0123456789abcdef","spanId":"\(id)",\
            "parentSpanId":"\(parent)","name":"\(name)","startTimeUnixNano":"1000000000","endTimeUnixNano":"2000000000"\
            \(more)}]}]}]}

            """
        }
        let failed = #","flags":769,"status":{"code":2,"message":"it \u001b[2Jbroke"},"events":[{"name":"permission"}]"#
        let lines = [
            span("below", "00000000000000b1", "00000000000000a1"), "no json\n",
            span("lost \\u001b]0;owned\\u0007", "00000000000000a1", "00000000000000ff"),
            span("outer", "00000000000000a2", "00000000000000fe", failed), #"{"resourceSpans":[{"resou"#,
        ]
        try place.write(lines.joined(), to: file)
        let text = try await place.run(["trace", id])
        #expect(text.code == 0, "\(text.errors)")
        #expect(text.output.contains("↖ lost ␛]0;owned␇"), "\(text.output)")
        #expect(text.output.contains("└─ below"))
        #expect(text.output.contains("↗ outer ✘ it ␛[2Jbroke"))
        #expect(text.output.contains("1 line is not OTLP JSON"))
        #expect(text.output.contains("has no end and is left out"))
        #expect(text.output.contains("1 event within the spans"))
        #expect(!text.output.contains("\u{1B}") && !text.output.contains("\u{7}"))
        let events = try await place.run(["trace", id, "-v"]).output
        #expect(events.contains("◆ permission"), "\(events)")
        let json = try #require(try await place.run(["trace", id, "--json"]).json["attempts"].array.first)
        #expect(json["last_line_is_cut"] == true && json["broken_lines"] == 1 && json["span_count"] == 3)
        #expect(json["trace_id"] == .string(run.traceID ?? "?"))
    }

    @Test("What cannot be shown is said with the way out")
    func refusals() async throws {
        let place = try place()
        #expect(try await place.run(["trace"]).code == 64)
        let run = try await place.replay("hello_world")
        let id = try #require(run.runID)
        let attempt = try await place.run(["trace", id, "--attempt", "3"])
        #expect(attempt.code == 64 && attempt.errors.contains("has no attempt 3; its last one is \(id).1"))
        #expect(try await place.run(["trace", id, "--attempt", "1"]).code == 0)
        #expect(try await place.run(["trace", "--json", "--open"]).code == 64)
        #expect(try await place.run(["trace", "--open", "--jaeger-url", "nowhere"]).code == 64)
        #expect(try await place.run(["trace", "nosuchrun"]).code == 64)
        try FileManager.default.removeItem(atPath: "\(place.state)/runs/\(id)/trace.jsonl")
        let missing = try await place.run(["trace", id])
        #expect(missing.code == 0)
        #expect(
            missing.output.contains(
                "no span yet; they are kept when they end, in \(place.state)/runs/\(id)/trace.jsonl"
            )
        )
    }

    @Test("Thousands of spans are shown in seconds")
    func many() async throws {
        let place = try place()
        let id = try #require(try await place.replay("hello_world").runID)
        let script = """
            import json, sys
            def span(i):
                s = dict(traceId="0123456789abcdef0123456789abcdef", spanId="%016x" % i, name="execute_tool Bash", kind=1,
                    startTimeUnixNano=str(10**18 + i * 1000), endTimeUnixNano=str(10**18 + i * 1000 + 10**6),
                    attributes=[dict(key="gen_ai.tool.name", value=dict(stringValue="Bash"))])
                if i > 1: s["parentSpanId"] = "%016x" % max(1, i // 8)
                return s
            with open(sys.argv[1], "w") as out:
                for first in range(1, 5001, 100):
                    spans = [span(i) for i in range(first, first + 100)]
                    out.write(json.dumps(dict(resourceSpans=[dict(scopeSpans=[dict(spans=spans)])])) + "\\n")
            """
        #expect(try await place.python(script, ["\(place.state)/runs/\(id)/trace.jsonl"]).code == 0)
        let end = try await place.run(["trace", id], within: .seconds(60))
        #expect(end.code == 0)
        #expect(end.output.split(separator: "\n").count > 5_000)
    }
}
