import Agents
import Foundation
import Testing

@testable import Runner
@testable import orchestrator

@Suite("What is shown of an attempt that goes on")
struct LiveStateTests {
    /// The state after these events, one second apart, and the calls that were over.
    private func fold(_ events: [RunEvent], limits: AttemptLimits = AttemptLimits()) -> (LiveState, [LiveRow]) {
        var state = LiveState(task: "1.1", limits: limits)
        var rows: [LiveRow] = []
        for (second, event) in events.enumerated() { rows += state.take(event, at: .seconds(second)) }
        return (state, rows)
    }

    private func call(_ id: String, _ name: String = "Bash", parent: String? = nil) -> RunEvent {
        .agent(.toolCall(id: id, name: name, input: #"{"command":"\#(id)"}"#, parentToolCall: parent))
    }

    private func result(_ id: String, isError: Bool = false) -> RunEvent {
        .agent(.toolResult(id: id, isError: isError))
    }

    /// The rows in short: how deep, what, how it ended.
    private func short(_ rows: [LiveRow]) -> [String] {
        rows.map { row in
            switch row {
            case .more(let count, let depth): String(repeating: " ", count: depth) + "+\(count)"
            case .tool(let tool, let depth):
                String(repeating: " ", count: depth) + tool.argument.text + " "
                    + (tool.ending.map { "\($0)" } ?? "runs")
            }
        }
    }

    @Test("The phases follow what happens")
    func phases() {
        let date = Date(timeIntervalSince1970: 0)
        var state = LiveState(task: "1.1")
        #expect(state.phase == .preparing)
        for (event, phase) in [
            (RunEvent.invocationStarted(number: 1, reason: .first), LiveState.Phase.working),
            (.agent(.result(isError: false, subtype: nil)), .checking),
            (.agent(.messageStarted(id: "m", model: nil, parentToolCall: nil)), .working),
            (.agent(.result(isError: true, subtype: nil)), .working),
            (.waiting(until: date, reason: .usageLimit), .waiting(until: date)),
            (.invocationStarted(number: 2, reason: .usageLimit), .working), (.stopping(.interrupted), .stopping),
            (.agent(.result(isError: false, subtype: nil)), .stopping),
        ] {
            _ = state.take(event, at: .zero)
            #expect(state.phase == phase)
        }
    }

    @Test("Turns are the main loop's; retries are those of requests and of invocations")
    func counts() {
        let (state, _) = fold([
            .invocationStarted(number: 1, reason: .first),
            .agent(.messageStarted(id: "1", model: nil, parentToolCall: nil)),
            .agent(.messageStarted(id: "2", model: nil, parentToolCall: "t")),
            .agent(.retry(attempt: 1, status: 529, message: nil, delay: nil)),
            .invocationStarted(number: 2, reason: .retry(.modelUnreachable)),
            .agent(.messageStarted(id: "3", model: nil, parentToolCall: nil)),
        ])
        #expect(state.turns == 2)
        #expect(state.retries == 2)
    }

    @Test("Usage adds up over invocations; its cost is an estimate until the agent has told all of it")
    func usage() {
        func used(_ cost: Double) -> RunEvent {
            .agent(.usage([ModelUsage(model: "m", inputTokens: 100, costUSD: cost)]))
        }
        let told = RunEvent.agent(.result(isError: false, subtype: nil))
        let first = [RunEvent.invocationStarted(number: 1, reason: .first), used(1)]
        let second = [RunEvent.invocationStarted(number: 2, reason: .fix), used(2)]
        #expect(fold(first).0.isCostEstimated)
        // The agent's own count comes after the result, and is no estimate.
        #expect(!fold(first + [told, used(3)]).0.isCostEstimated)
        #expect(fold(first + second + [told, used(2)]).0.isCostEstimated)
        let (state, _) = fold(first + [told, used(3)] + second + [told, used(4)])
        #expect(!state.isCostEstimated)
        #expect(state.usage.costUSD == 7)
        #expect(state.usage.totalTokens == 200)
    }

    @Test("Calls that run side by side are over one by one, with their own times")
    func parallel() {
        let (state, rows) = fold([call("a"), call("b"), result("b"), result("a", isError: true), result("unknown")])
        #expect(short(rows) == ["b succeeded", "a failed"])
        guard case .tool(let tool, _) = rows.first else { return }
        #expect(tool.start == .seconds(1) && tool.end == .seconds(2))
        #expect(state.tools.running(endedChildren: 3).isEmpty)
        #expect(state.tools.count == 2)
    }

    @Test("A sub-agent's calls stand under the call that started it, and are over with it")
    func subAgent() {
        let events = [call("a", "Task"), call("b", parent: "a"), result("b"), call("c", parent: "a")]
        let (state, rows) = fold(events)
        #expect(rows.isEmpty)
        #expect(short(state.tools.running(endedChildren: 1)) == ["a runs", " b succeeded", " c runs"])
        #expect(short(state.tools.running(endedChildren: 0)) == ["a runs", " +1", " c runs"])
        #expect(short(fold(events + [result("c"), result("a")]).1) == ["a succeeded", " b succeeded", " c succeeded"])
    }

    @Test("What a sub-agent goes on with in the background stands by itself")
    func background() {
        let (state, rows) = fold([call("a", "Task"), call("b", parent: "a"), result("a"), call("c", parent: "a")])
        #expect(short(rows) == ["a succeeded"])
        #expect(short(state.tools.running(endedChildren: 3)) == ["b runs", "c runs"])
    }

    @Test("The oldest call of a refused tool is the one that is denied; what fails besides is not")
    func denied() {
        let refusal = RunEvent.agent(.permissionDenied(tool: "Bash", reason: "no"))
        let (_, rows) = fold([
            call("r", "Read"), call("a"), call("b"), refusal, result("a", isError: true), result("b", isError: true),
        ])
        #expect(short(rows) == ["a denied", "b failed"])
        guard case .tool(let tool, _) = rows.first else { return }
        #expect(tool.refusal == "no")
    }

    @Test("Calls of whose end nothing is heard are cut off by the next invocation, and by the end")
    func cutOff() {
        let (state, rows) = fold([
            call("a"), call("b", parent: "a"), .invocationStarted(number: 2, reason: .fix), call("c"),
        ])
        #expect(short(rows) == ["a cutOff", " b cutOff"])
        var last = state
        #expect(short(last.end(at: .seconds(9))) == ["c cutOff"])
    }

    @Test("However many calls there are, few are kept")
    func bounded() {
        var state = LiveState(task: "1.1")
        _ = state.take(call("root", "Task"), at: .zero)
        for number in 0..<5000 {
            _ = state.take(call("\(number)", parent: "root"), at: .zero)
            _ = state.take(result("\(number)"), at: .zero)
        }
        #expect(state.tools.running(endedChildren: .max).count == LiveTools.keptChildren + 2)
        for number in 5000..<10_000 { _ = state.take(call("\(number)"), at: .zero) }
        #expect(state.tools.running(endedChildren: .max).count <= LiveTools.bound + 1)
        #expect(state.tools.count == 10_001)
        _ = state.take(
            .agent(.text(String(repeating: "x", count: 1 << 20) + "end", messageID: nil, parentToolCall: nil)),
            at: .zero
        )
        #expect(state.words.utf8.count <= LiveState.wordsBound)
        #expect(state.words.hasSuffix("xend"))
    }

    @Test(
        "The argument that tells most of a call",
        arguments: [
            (#"{"description":"List","command":"ls -l"}"#, "ls -l"), (#"{"content":"x","file_path":"/a"}"#, "/a"),
            (#"{"path":"src","pattern":"TODO"}"#, "TODO"),
            (#"{"url":"https:\/\/x.org","prompt":"p"}"#, "https://x.org"),
            (#"{"a":{"command":"inner"},"b":["command","x"],"n":1,"own":"this"}"#, "this"),
            (#"{"command":"a\n\t\"b\" \\ \u00e9 \ud83d\ude00"}"#, "a\n\t\"b\" \\ é 😀"), ("{}", ""), ("", ""),
            ("null", ""),
            (#"{"command":"cut o"#, "cut o"), (#"{"command":"\ud83d"}"#, "\u{FFFD}"), (#"{"command":"\"#, "\\"),
        ]
    )
    func argument(_ input: String, _ expected: String) {
        #expect(ToolArgument(input: input).text == expected)
    }
}
