import Foundation
import Testing

/// What is to come of a scenario, in every view of it.
struct Expected: Sendable {
    var code: Int32
    var status: String
    var cause: String
    /// What text and JSON must say of the reason.
    var error: String?
    /// What the agent claims.
    var claim: String?
    /// All tokens of one attempt, as the script has them; nil where part of an answer counts.
    var tokens: Int?
    var cost: Double?
    /// What our checks found, all together and one by one; nil where the test does not say.
    var verdict: String?
    var checks: [String]?
    var retries = 0
    var fixes = 0

    /// Whether the agent itself ended well, and only our checks did not.
    fileprivate var isOurVerdict: Bool { ["contradicted", "no_change"].contains(cause) }
}

extension Scene {
    /// Runs the scenario for a person and for a program, and looks at all that is told of both.
    ///
    /// - Returns: The JSON of the second run.
    @discardableResult
    func check(
        _ expected: Expected,
        _ more: [String] = [],
        plan: String? = nil,
        environment: [String: String] = [:]
    ) async throws -> JSON {
        let text = try await run(plan: plan, more, environment: environment)
        try await checkNothingLeft()
        try await container.clear()
        // One that has answered nothing yet: it counts the faults that it has given.
        let second = try await Model(scenario, in: place)
        let fresh = environment.merging(["ANTHROPIC_BASE_URL": second.server.url]) { $1 }
        let program = try await run(plan: plan, more + ["--json"], environment: fresh)
        let json = try program.json
        checkText(text, expected, json: json)
        #expect(program.code == expected.code)
        checkJSON(json, expected)
        try checkSpans([text.traceID, program.traceID], expected, json: json)
        try checkTotals(try receiver.totals(ofTrace: text.traceID), expected, json: json)
        try await checkJournal(expected, json: json)
        try await checkNothingLeft()
        return json
    }

    private func checkText(_ text: Program.End, _ expected: Expected, json: JSON) {
        #expect(text.code == expected.code, "\(text.output)\(text.errors)")
        #expect(text.output.contains("] Task 1.1: \(expected.status.uppercased()) ("), "\(text.output)")
        if let error = expected.error { #expect(text.output.contains("Error: \(error)"), "\(text.output)") }
        #expect(text.output.contains("\n           Error: ") == (expected.status == "failed"))
        #expect(!text.output.contains(key) && !text.errors.contains(key))
        #expect(text.runID != nil && text.traceID != nil)
        let counts = [("passed", "passed"), ("failed", "failed"), ("not_run", "not run")].compactMap { outcome, words in
            let count = json["checks"].array.count { $0["outcome"] == .string(outcome) }
            return count > 0 ? "\(count) \(words)" : nil
        }
        let summary = counts.isEmpty ? "nothing" : counts.joined(separator: ", ")
        #expect(text.output.contains("Checked: " + summary), "\(text.output)")
    }

    private func checkJSON(_ json: JSON, _ expected: Expected) {
        #expect(json["exit_code"].number == Double(expected.code))
        #expect(json["status"] == .string(expected.status))
        #expect(json["cause"] == .string(expected.cause))
        #expect(json["claim"].string == expected.claim)
        #expect((json["error"].string ?? "").hasPrefix(expected.error ?? ""), "\(json["error"])")
        #expect((json["error"] != .null) == (expected.status == "failed"))
        #expect(json["replayed"] == false)
        if let verdict = expected.verdict { #expect(json["verdict"] == .string(verdict)) }
        if let checks = expected.checks { #expect(json["checks"].array.map { $0["outcome"].string } == checks) }
        #expect(json["retries"].number == Double(expected.retries))
        #expect(json["fixes"].number == Double(expected.fixes))
        if let tokens = expected.tokens { #expect(json["tokens_used"].number == Double(tokens)) }
        if let cost = expected.cost { #expect(abs((json["cost_usd"].number ?? -1) - cost) < 1e-9) }
        let kinds = ["input", "output", "cache_read", "cache_creation"].map { json["tokens"][$0].number ?? .nan }
        #expect(kinds.reduce(0, +) == json["tokens_used"].number)
        #expect(json["processes"]["remaining"].array.isEmpty)
    }

    private func checkSpans(_ traces: [String?], _ expected: Expected, json: JSON) throws {
        for trace in traces {
            let spans = try receiver.spans(ofTrace: trace)
            let root = try #require(spans.first { $0.name == "orchestrator.task" })
            #expect(spans.count(where: { $0.name == "orchestrator.task" }) == 1)
            #expect(root.resource["service.name"] == "orchestrator")
            #expect(root.attributes["task.status"] == .string(expected.status))
            #expect(root.attributes["task.claim"]?.string == expected.claim)
            #expect(root.attributes["task.verdict"] == json["verdict"])
            #expect(root.attributes["task.retries"] == json["retries"])
            #expect(root.attributes["task.fixes"] == json["fixes"])
            #expect(root.isError == (expected.status == "failed"))
            #expect(root.attributes["error.type"]?.string == (root.isError ? expected.cause : nil))
            if let tokens = expected.tokens { #expect(root.attributes["claude.tokens"]?.number == Double(tokens)) }
            if let cost = expected.cost {
                #expect(abs((root.attributes["claude.cost_usd"]?.number ?? -1) - cost) < 1e-9)
            }
            #expect(root.attributes["claude.session_id"]?.string?.count == 36)
            try checkInvocations(spans, expected, root: root)
            checkChecks(spans, expected, json: json)
        }
        let last = try receiver.spans(ofTrace: traces.last ?? nil).first { $0.name == "orchestrator.task" }
        #expect(last?.attributes["claude.session_id"] == json["session_id"])
        #expect(last?.attributes["claude.tokens"] == json["tokens_used"])
    }

    private func checkInvocations(_ spans: [Receiver.Span], _ expected: Expected, root: Receiver.Span) throws {
        let number = { (span: Receiver.Span) in span.attributes["orchestrator.invocation"]?.number ?? 0 }
        let invocations = spans.filter { $0.name == "invoke_agent claude-code" }.sorted { number($0) < number($1) }
        #expect(invocations.count == 1 + expected.retries + expected.fixes)
        #expect(invocations.allSatisfy { $0.parentID == root.spanID })
        let last = try #require(invocations.last)
        #expect(last.isError == (root.isError && !expected.isOurVerdict))
        #expect(last.attributes["error.type"] == (last.isError ? root.attributes["error.type"] : nil))
    }

    /// A span for each check that was run, below one for all of them, which has failed if one has.
    private func checkChecks(_ spans: [Receiver.Span], _ expected: Expected, json: JSON) {
        let verify = spans.filter { $0.name == "orchestrator.verify" }
        #expect(verify.isEmpty == json["checks"].array.isEmpty)
        guard expected.fixes == 0, let verify = verify.last else { return }
        #expect(verify.isError == (expected.verdict == "failed" || expected.cause == "contradicted"))
        let checks = spans.filter { $0.name.hasPrefix("orchestrator.check ") }
        #expect(checks.allSatisfy { $0.parentID == verify.spanID })
        for (outcome, passed) in [("passed", true), ("failed", false)] {
            let count = checks.count { $0.attributes["check.passed"] == .bool(passed) }
            #expect(count == json["checks"].array.count { $0["outcome"] == .string(outcome) }, "\(outcome)")
        }
    }

    private func checkTotals(_ totals: [String: Receiver.Point], _ expected: Expected, json: JSON) throws {
        for status in ["completed", "failed", "needs_human"] {
            let point = totals["orchestrator_tasks_total{status=\(status)}"]
            #expect(point?.value == (status == expected.status ? 2 : 0), "\(status)")
            #expect(point?.unit == "{task}")
        }
        if let tokens = expected.tokens {
            #expect(totals.sum("orchestrator_tokens_total") == Double(2 * tokens))
        }
        if let cost = expected.cost {
            #expect(abs(totals.sum("orchestrator_cost_usd_total") - 2 * cost) < 1e-9)
        }
        for model in json["models"].array {
            let name = model["model"].string ?? "?"
            #expect(totals["orchestrator_tokens_total{model=\(name),type=input}"]?.unit == "{token}")
            #expect(totals["orchestrator_cost_usd_total{model=\(name)}"]?.unit == "{USD}")
        }
    }

    private func checkJournal(_ expected: Expected, json: JSON) async throws {
        let attempts = try await place.journal()
        #expect(attempts.count == 2)
        for attempt in attempts {
            #expect(attempt["status"] == .string(expected.status))
            #expect(attempt["cause"] == .string(expected.cause))
            #expect(attempt["exit_code"].number == Double(expected.code))
            #expect(attempt["claim"].string == expected.claim)
            #expect(attempt["replayed"] == 0)
        }
        let last = try #require(attempts.last)
        for key in ["run_id", "session_id", "verdict", "retries", "fixes", "error", "advice", "output"] {
            #expect(last[key] == json[key], "\(key)")
        }
        #expect(last.stored("verification")["checks"] == json["checks"])
        #expect(last.stored("changes") == json["changes"])
        #expect(last.tokens == json["tokens_used"].number)
    }
}

extension JSON {
    /// A journal column that holds JSON.
    func stored(_ column: String) -> JSON {
        self[column].string.flatMap { try? JSON(Data($0.utf8)) } ?? .null
    }

    /// All tokens of a journal's attempt.
    var tokens: Double {
        self["usage"].array.reduce(0) { sum, usage in
            ["input_tokens", "output_tokens", "cache_read_tokens", "cache_creation_tokens"]
                .reduce(sum) { $0 + (usage[$1].number ?? .nan) }
        }
    }
}
