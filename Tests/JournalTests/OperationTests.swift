import Foundation
import GRDB
import Testing

@testable import Journal

extension AttemptOperations {
    /// Two responses and three tool calls.
    fileprivate static func stub() -> AttemptOperations {
        var operations = AttemptOperations()
        operations.respond(input: 1000, output: 5, seconds: 2)
        operations.respond(input: 20, output: 0, seconds: 100, error: "overloaded_error")
        operations.addToolCall("Bash", duration: .milliseconds(15), errorType: nil, isDenied: false)
        operations.addToolCall("Bash", duration: .seconds(3), errorType: "tool_error", isDenied: false)
        operations.addToolCall("Write", duration: .zero, errorType: "denied", isDenied: true)
        return operations
    }

    fileprivate mutating func respond(
        _ model: String = "opus",
        input: Int,
        output: Int,
        seconds: Double,
        error: String? = nil
    ) {
        addResponse(
            provider: "anthropic",
            requestModel: "opus",
            model: model,
            inputTokens: input,
            outputTokens: output,
            duration: .seconds(seconds),
            errorType: error
        )
    }
}

@Suite("Operations of sessions, as running totals")
struct OperationTests {
    private let state = StateDirectory()

    @Test("Values lie in the buckets of the convention, and add up over attempts, but not over replays")
    func distributions() async throws {
        let journal = try Journal(directory: state.path)
        for (id, isReplayed) in [("r1.1", false), ("r2.1", false), ("r3.1", true)] {
            try await journal.begin(.stub(id, isReplayed: isReplayed))
            try await journal.finish(.stub(id, isReplayed: isReplayed).ended(), usage: [], operations: .stub())
        }
        let totals = try journal.totals()
        let tokens = totals.distributions.filter { $0.metric == .tokenUsage }
        #expect(tokens.map { $0.attributes["gen_ai.token.type"] } == ["input", "output"])
        let chat = [
            "gen_ai.operation.name": "chat", "gen_ai.provider.name": "anthropic", "gen_ai.request.model": "opus",
            "gen_ai.response.model": "opus", "gen_ai.token.type": "input",
        ]
        #expect(tokens[0].attributes == chat, "a failure has no series of tokens of its own")
        #expect(tokens[0].values.count == 4 && tokens[0].values.sum == 2040)
        #expect(tokens[0].values.min == 20 && tokens[0].values.max == 1000)
        // 20 is at most 64, 1000 at most 1024.
        #expect(tokens[0].values.bucketCounts.prefix(6) == [0, 0, 0, 2, 0, 2])
        #expect(tokens[1].values.bucketCounts.prefix(3) == [2, 0, 2])
        let durations = totals.distributions.filter { $0.metric == .responseDuration }
        #expect(durations.map { $0.attributes["error.type"] } == ["overloaded_error", nil])
        #expect(durations[0].values.bucketCounts.last == 2 && durations[0].values.sum == 200)
        let tools = totals.distributions.filter { $0.metric == .toolDuration }
        #expect(tools.map(\.values.count) == [2, 2, 2])
        #expect(
            totals.tools == [
                ToolUse(tool: "Bash", calls: 4, errors: 2, denied: 0), ToolUse(tool: "Write", calls: 2, denied: 2),
            ]
        )
        #expect(totals.tools.map(\.succeeded) == [2, 0])
    }

    @Test("A response whose tokens nobody told has a duration, and no point of tokens")
    func unknownTokens() async throws {
        var operations = AttemptOperations()
        operations.addResponse(
            provider: "anthropic",
            requestModel: nil,
            model: "opus",
            inputTokens: 7,
            outputTokens: nil,
            duration: .seconds(1),
            errorType: nil
        )
        let journal = try Journal(directory: state.path)
        try await journal.begin(.stub())
        try await journal.finish(.stub().ended(), usage: [], operations: operations)
        let distributions = try journal.totals().distributions
        #expect(distributions.map(\.metric) == [.responseDuration, .tokenUsage])
        #expect(distributions.map(\.values.count) == [1, 1] && distributions[1].values.sum == 7)
        #expect(distributions[1].attributes["gen_ai.token.type"] == "input")
    }

    @Test("Each attempt has its own count of tools, a replay too")
    func tools() async throws {
        let journal = try Journal(directory: state.path)
        try await journal.begin(.stub("r1.1", isReplayed: true))
        try await journal.finish(.stub("r1.1", isReplayed: true).ended(), usage: [], operations: .stub())
        #expect(
            try await journal.toolUse(ofAttempt: "r1.1") == [
                ToolUse(tool: "Bash", calls: 2, errors: 1), ToolUse(tool: "Write", calls: 1, denied: 1),
            ]
        )
        #expect(try journal.totals().tools.isEmpty && journal.totals().distributions.isEmpty)
        #expect(try await journal.toolUse(ofAttempt: "r2.1").isEmpty)
    }

    @Test("What an attempt has done is kept while it runs, for who closes it when its program was killed")
    func open() async throws {
        let journal = try Journal(directory: state.path)
        try await journal.begin(.stub())
        #expect(try await journal.operations(ofOpen: "r1.1").isEmpty)
        var early = AttemptOperations()
        early.addToolCall("Bash", duration: .seconds(1), errorType: nil, isDenied: false)
        for operations in [early, .stub()] {
            try await journal.progress("r1.1", usage: [], operations: operations)
            #expect(try await Journal(directory: state.path).operations(ofOpen: "r1.1") == operations)
        }
        #expect(try journal.totals().distributions.isEmpty, "it counts when it is closed")
        var open = AttemptOperations.stub()
        let began = Date(timeIntervalSince1970: 1_800_000_000)
        open.open = [.init(.toolCall("Bash"), began: began), .init(.response(provider: "p", model: "m"), began: began)]
        try await journal.progress("r1.1", usage: [], operations: open)
        var kept = try await journal.operations(ofOpen: "r1.1")
        #expect(kept == open)
        kept.endOpen(at: began.addingTimeInterval(3), errorType: "process_killed")
        #expect(kept.open.isEmpty)
        try await journal.finish(.stub().ended("failed"), usage: [], operations: kept)
        #expect(try journal.totals().tools.map(\.calls) == [3, 1])
        let killed = try journal.totals().distributions.filter { $0.attributes["error.type"] == "process_killed" }
        #expect(killed.map(\.values.sum) == [3, 3], "\(killed)")
        #expect(try await journal.operations(ofOpen: "r1.1").isEmpty)
    }

    @Test("What another version has kept in its own form is no obstacle to closing the attempt")
    func foreign() async throws {
        let journal = try Journal(directory: state.path)
        try await journal.begin(.stub())
        try await journal.progress("r1.1", usage: [], operations: .stub())
        try await DatabaseQueue(path: state.path + "/journal.db").write {
            try $0.execute(sql: "UPDATE open_operations SET operations = '{\"another\":\"form\"}'")
        }
        #expect(try await journal.operations(ofOpen: "r1.1").isEmpty)
        var sum = Distribution(bounds: [1, 2, 3])
        var other = Distribution(bounds: [1])
        other.add(1)
        sum.add(other)
        #expect(sum == Distribution(bounds: [1, 2, 3]))
    }

    @Test("An attempt that had ended already adds nothing a second time")
    func twice() async throws {
        let journal = try Journal(directory: state.path)
        try await journal.begin(.stub())
        try await journal.finish(.stub().ended(), usage: [], operations: .stub())
        let once = try journal.totals()
        await #expect(throws: AttemptConflict.self) {
            try await journal.finish(.stub().ended(), usage: [], operations: .stub())
        }
        #expect(try journal.totals() == once)
    }

    @Test("Names out of a hostile stream are bounded in length and number, in one attempt and over all of them")
    func bounds() async throws {
        let journal = try Journal(directory: state.path)
        for run in 0..<3 {
            var operations = AttemptOperations()
            for number in 0..<400 {
                let name = "\(run) \(number) " + String(repeating: "é", count: 500)
                operations.addToolCall(name, duration: .seconds(1), errorType: name, isDenied: false)
                operations.respond(name, input: 1, output: 1, seconds: 1, error: name)
            }
            #expect(operations.tools.count <= NameBound.count + 1)
            #expect(operations.tools.keys.allSatisfy { $0.count <= NameBound.length })
            try await journal.begin(.stub("r\(run).1"))
            try await journal.finish(.stub("r\(run).1").ended(), usage: [], operations: operations)
        }
        let totals = try journal.totals()
        #expect(totals.tools.count <= NameBound.count + 1)
        #expect(totals.tools.map(\.calls).reduce(0, +) == 1200)
        #expect(totals.tools.contains { $0.tool == NameBound.other })
        for metric in OperationMetric.allCases {
            let values = totals.distributions.filter { $0.metric == metric }.map(\.values)
            #expect(values.map(\.count).reduce(0, +) == (metric == .tokenUsage ? 2400 : 1200), "nothing is lost")
        }
    }

    @Test("The newest attempt of each status and bucket is the example of its duration, if it was traced")
    func examples() async throws {
        let journal = try Journal(directory: state.path)
        for (run, milliseconds, trace) in [(1, 1000, "a"), (2, 900, "b"), (3, 1001, "c"), (4, 9_000_000, nil)] {
            var attempt = AttemptRecord.stub("r\(run).1")
            attempt.traceID = trace.map { String(repeating: $0, count: 32) }
            try await journal.begin(attempt)
            try await journal.finish(attempt.ended("failed", milliseconds: milliseconds), usage: [])
        }
        let examples = try #require(try journal.totals().durations["failed"]?.examples)
        #expect(examples.map(\.traceID.first) == ["b", "c"])
        #expect(examples.map(\.seconds) == [0.9, 1.001])
    }

    @Test("Outcomes are counted by status, cause, claim and verdict")
    func outcomes() async throws {
        let journal = try Journal(directory: state.path)
        for (run, claim) in ["completed", "completed", nil].enumerated() {
            var attempt = AttemptRecord.stub("r\(run).1", isReplayed: false).ended("failed")
            attempt.end?.claim = claim
            try await journal.begin(.stub("r\(run).1"))
            try await journal.finish(attempt, usage: [])
        }
        try await journal.begin(.stub("r9.1", isReplayed: true))
        try await journal.finish(.stub("r9.1", isReplayed: true).ended(), usage: [])
        let outcomes = try journal.totals().outcomes
        #expect(outcomes.map(\.claim) == [nil, "completed"] && outcomes.map(\.attempts) == [1, 2])
        #expect(outcomes[0].status == "failed" && outcomes[0].cause == "claimed" && outcomes[0].verdict == "unchecked")
    }

    @Test("Thinking is part of the output, and unknown where nobody told")
    func thinking() async throws {
        let journal = try Journal(directory: state.path)
        var told = UsageRecord.stub("r1.1")
        told.thinkingTokens = 2
        try await journal.begin(.stub("r1.1"))
        try await journal.finish(.stub("r1.1").ended(), usage: [told, .stub("r1.1", model: "haiku")])
        #expect(try await journal.usage(ofAttempt: "r1.1").map(\.thinkingTokens) == [nil, 2])
        let models = try journal.totals().models
        #expect(models["opus"]?.thinkingTokens == 2 && models["haiku"]?.thinkingTokens == nil)
        #expect(try await journal.attempts(newest: 1)[0].usage.thinkingTokens == 2)
    }
}
