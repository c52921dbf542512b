import Foundation
import Testing

@Suite("What programs read", .serialized, .container, .timeLimit(.minutes(4)))
struct OutputTests {
    private static let turns: [Turn] = [.writesHello, .runs("python3 hello.py"), .complete]

    private func events(_ end: Program.End) throws -> [JSON] {
        try end.outputBytes.split(separator: 0x0A).map { try JSON($0) }
    }

    @Test("--events: every line is an event with its version, time and run; the last one is the result of --json")
    func eventLines() async throws {
        let scene = try await Scene(Turn.scenario(Self.turns))
        let json = try await scene.run(["--json"]).json
        try await scene.container.clear()
        let end = try await scene.run(["--events"])
        #expect(end.code == 0, "\(end.output)\(end.errors)")
        let events = try events(end)
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for event in events {
            #expect(event["schema_version"] == 1)
            #expect(event["run_id"] == events[0]["run_id"] && event["run_id"].string != nil)
            #expect(event["attempt"] == 1)
            _ = try style.parse(try #require(event["time"].string))
        }
        let names = events.compactMap { $0["event"].string }
        #expect(names.first == "run_started")
        #expect(names.last == "result")
        #expect(names.filter { $0 == "result" }.count == 1)
        for name in ["invocation_started", "session", "text", "tool_call", "tool_result", "usage", "check"] {
            #expect(names.contains(name), "\(name) is missing: \(names)")
        }
        #expect(events.filter { $0["event"] == "tool_call" }.map { $0["tool"] } == ["Write", "Bash"])
        #expect(events.filter { $0["event"] == "check" }.map { $0["check"]["outcome"] } == ["passed", "passed"])
        let result = try #require(events.last)["result"]
        #expect(result.keys == json.keys)
        let differ: Set = [
            "run_id", "session_id", "trace_id", "stream", "started_at", "ended_at", "duration_seconds", "checks",
        ]
        for key in json.keys.subtracting(differ) { #expect(result[key] == json[key], "\(key)") }
    }

    @Test("--events of an attempt that is stopped says so, and still ends with the result")
    func eventsOfStop() async throws {
        let scene = try await Scene(.isBusy)
        let program = try scene.start(["--events"])
        try await scene.isBusy()
        program.send(signal: SIGTERM)
        let events = try events(try await program.end())
        #expect(events.contains { $0["event"] == "stopping" && $0["reason"] == "terminated" })
        #expect(events.last?["event"] == "result")
        #expect(events.last?["result"]["exit_code"] == 143)
    }

    /// What the README says of `--json`, read from it.
    private func documentedKeys() throws -> Set<String> {
        let readme = try String(contentsOfFile: Equipment.root + "/README.md", encoding: .utf8)
        let start = try #require(readme.range(of: "`--json` prints one object"))
        let list = readme[start.upperBound...]
        let end = try #require(list.range(of: "What is not known is `null`"))
        // What stands in parentheses is about the parts of a value.
        let text = list[..<end.lowerBound].replacing(/\([^)]*\)/, with: "")
        return Set(text.matches(of: /`([a-z_]+)`/).map { String($0.1) })
    }

    @Test("--json has every key that the README lists, and no other")
    func keys() async throws {
        let scene = try await Scene(.asks)
        let json = try await scene.run(["--json"]).json
        let documented = try documentedKeys().union(["schema_version"])
        #expect(documented.count > 35)
        #expect(documented.subtracting(json.keys).isEmpty, "documented, but not there")
        #expect(json.keys.subtracting(documented).isEmpty, "there, but not documented")
        #expect(json["changes"].keys.isSuperset(of: ["kind", "added", "files", "is_cut", "commits", "added_lines"]))
        #expect(json["processes"].keys.isSuperset(of: ["found", "killed", "remaining", "unattributed"]))
    }

    @Test("--junit: a check that fails is a failure, and what a check prints cannot break the XML")
    func junit() async throws {
        let scene = try await Scene(.writesHello, .complete)
        let plan = try scene.plan(
            """
            **Verify:**
            ```bash
            test -s hello.py
            printf '\\033[31m<red & "loud">\\001\\377]]>\\n'; false
            touch never
            ```

            **Acceptance Criteria:**
            - [ ] The style is good
            """
        )
        let file = scene.place.directory + "/report.xml"
        let end = try await scene.run(plan: plan, ["--json", "--junit", file])
        #expect(end.code == 1, "\(end.output)\(end.errors)")
        let script = """
            import json, sys, xml.etree.ElementTree as tree
            root = tree.parse(sys.argv[1]).getroot()
            suite = root.find("testsuite")
            cases = [{"name": case.get("name"), "outcome": case[0].tag if len(case) else "passed",
                      "type": case[0].get("type") if len(case) else None,
                      "text": case[0].text if len(case) else None} for case in suite]
            print(json.dumps({"root": root.attrib, "suite": suite.attrib, "cases": cases}))
            """
        let report = try await scene.place.python(script, [file]).json
        for element in ["root", "suite"] {
            #expect(report[element]["tests"] == "5")
            #expect(report[element]["failures"] == "2")
            #expect(report[element]["skipped"] == "2")
        }
        let cases = report["cases"].array
        #expect(cases.map { $0["outcome"] } == ["failure", "passed", "failure", "skipped", "skipped"])
        #expect(cases.map { $0["type"] } == ["contradicted", .null, "command", .null, .null])
        #expect(cases[2]["text"].string?.contains("<red & \"loud\">") == true)
        #expect(cases[4]["name"].string?.contains("The style is good") == true)
    }

    @Test("A JUnit file that cannot be written is said, and changes no outcome")
    func junitUnwritable() async throws {
        let scene = try await Scene(.writesHello, .complete)
        let end = try await scene.run(["--json", "--junit", "/no/such/directory/report.xml"])
        #expect(end.code == 0)
        #expect(end.errors.contains("/no/such/directory/report.xml"), "\(end.errors)")
        #expect(try end.json["status"] == "completed")
    }
}
