import Agents
import Foundation
import Testing

@testable import Runner
@testable import orchestrator

@Suite("The part of the screen that is redrawn")
struct LiveViewTests {
    private static let secret = "correct-horse-battery"

    private func view(
        _ width: Int = 100,
        _ height: Int = 30,
        isColoured: Bool = false,
        isVerbose: Bool = false
    ) -> LiveView {
        LiveView(
            width: width,
            height: height,
            isColoured: isColoured,
            isVerbose: isVerbose,
            mask: SecretMask(environment: ["MY_PASSWORD": Self.secret])
        )
    }

    private func state(_ events: [AgentEvent], limits: AttemptLimits = AttemptLimits()) -> LiveState {
        var state = LiveState(task: "1.1", limits: limits)
        _ = state.take(.invocationStarted(number: 1, reason: .first), at: .zero)
        for event in events { _ = state.take(.agent(event), at: .zero) }
        return state
    }

    private func call(_ id: String, _ command: String, parent: String? = nil) -> AgentEvent {
        let input = #"{"command":"\#(command)"}"#
        return .toolCall(id: id, name: "Bash", input: input, parentToolCall: parent)
    }

    /// One of everything, in many scripts.
    private var busy: LiveState {
        state([
            .messageStarted(id: "1", model: nil, parentToolCall: nil),
            .usage([ModelUsage(model: "m", inputTokens: 12_345, costUSD: 0.5)]),
            call("a", "日本語のテスト 👩‍👩‍👧 " + String(repeating: "long ", count: 50)), call("b", "x", parent: "a"),
            call("c", String(repeating: "探", count: 90)), .retry(attempt: 1, status: 500, message: nil, delay: nil),
            .text("Grüße\n\n" + String(repeating: "語 word e\u{301} ", count: 60), messageID: nil, parentToolCall: nil),
        ])
    }

    @Test("Says how it stands, what runs, and the agent's words last")
    func area() {
        let lines = view().area(of: busy, at: .seconds(65)).map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(lines[0] == "Task 1.1 · working · 1m5s · 1 turn · 12.3k tokens · ~$0.50 · 1 retry")
        #expect(lines[1].hasPrefix("▸ Bash 日本語のテスト 👩‍👩‍👧 long") && lines[1].hasSuffix("… 1m5s"))
        #expect(lines[2] == "▸ Bash x 1m5s")
        #expect(lines[3].hasPrefix("▸ Bash 探探") && lines[3].hasSuffix("… 1m5s"))
        #expect(lines.count == 7)
        #expect(lines.last?.hasSuffix("語 word e\u{301}") == true)
    }

    @Test(
        "Never is a line wider than the terminal, never are there more than it has",
        arguments: Array(1...20) + [40, 59, 60, 61, 120]
    )
    func fits(_ width: Int) {
        for height in [1, 2, 3, 5, 8, 24, 100] {
            let area = view(width, height).area(of: busy, at: .seconds(65))
            #expect(!area.isEmpty && area.count <= max(1, height - 1), "\(height)")
            for line in area { #expect(line.displayWidth <= width, "\(line)") }
        }
        let (_, rows) = ended
        for line in view(width).lines(of: rows) { #expect(line.displayWidth <= width, "\(line)") }
    }

    private var ended: (LiveState, [LiveRow]) {
        var state = busy
        var rows = state.take(.agent(.toolResult(id: "c", isError: false)), at: .milliseconds(1250))
        rows += state.take(.agent(.toolResult(id: "a", isError: true)), at: .seconds(75))
        return (state, rows)
    }

    @Test("Calls that are over are told with how they ended and how long they took")
    func endedCalls() {
        let lines = view().lines(of: ended.1).map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(lines.count == 2)
        #expect(lines[0].hasPrefix("✔ Bash 探探") && lines[0].hasSuffix("… 1.3s"))
        #expect(lines[1].hasPrefix("✘ Bash 日本語") && lines[1].hasSuffix("… 1m15s"))
        // Verbose tells the whole.
        let whole = view(isVerbose: true).lines(of: ended.1)
        #expect(whole[0].contains(String(repeating: "探", count: 90)))
    }

    @Test("A refusal is told with its reason")
    func denied() {
        var state = state([call("a", "rm -r /"), .permissionDenied(tool: "Bash", reason: "needs approval")])
        let rows = state.take(.agent(.toolResult(id: "a", isError: true)), at: .seconds(1))
        #expect(view().lines(of: rows) == ["           ✘ Bash rm -r / denied: needs approval"])
    }

    @Test("Nothing of others' text plays with the terminal, nothing that looks like a secret is shown")
    func masked() {
        let hostile = "\u{1B}[2J\r\u{9B}31m\u{202E}x \(Self.secret) ghp_abcdefghijklmnopqrstuvwxyz API_KEY=abcdef123456"
        var state = state([
            call("a", hostile), .text(hostile, messageID: nil, parentToolCall: nil),
            .toolCall(id: "b", name: "mcp\u{1B}[H", input: "{}", parentToolCall: nil),
        ])
        let rows = state.take(.agent(.toolResult(id: "a", isError: false)), at: .seconds(1))
        let shown = (view(300).area(of: state, at: .zero) + view(300).lines(of: rows)).joined()
        #expect(
            !shown.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) || $0 == "\u{202E}" }
        )
        #expect(
            !shown.contains(Self.secret) && !shown.contains("ghp_abc") && !shown.contains("abcdef123456"),
            "\(shown)"
        )
        #expect(shown.contains("API_KEY=[redacted]"))
    }

    @Test("A secret that is cut at the bound of an argument is not shown by half")
    func secretAtBound() {
        for place in ToolArgument.bound - 30...ToolArgument.bound {
            let command = String(repeating: "x", count: place - 1) + " " + Self.secret + " and more"
            var state = state([call("a", command)])
            let rows = state.take(.agent(.toolResult(id: "a", isError: false)), at: .seconds(1))
            let line = view(isVerbose: true).lines(of: rows).joined()
            #expect(!line.contains("correct-"), "\(place)")
        }
    }

    @Test("Limits are told when they come near")
    func limits() {
        let limits = AttemptLimits(time: .seconds(600), turns: 5, tokens: 15_000, costUSD: 0.6)
        let turns = (1...4).map { AgentEvent.messageStarted(id: "\($0)", model: nil, parentToolCall: nil) }
        let used = AgentEvent.usage([ModelUsage(model: "m", inputTokens: 12_345, costUSD: 0.5)])
        let near = view().area(of: state(turns + [used], limits: limits), at: .seconds(480))[0]
        #expect(near.hasSuffix("8m of 10m · 4 turns of 5 · 12.3k tokens of 15.0k · ~$0.50 of $0.60"))
        let far = view().area(of: state([turns[0]], limits: limits), at: .seconds(479))[0]
        #expect(far.hasSuffix("working · 7m59s · 1 turn"))
        let warned = AgentEvent.rateLimit(RateLimit(status: .warning, kind: "five_hour"))
        #expect(view().area(of: state([warned]), at: .zero)[0].hasSuffix("usage limit near"))
    }

    @Test("Colours change no character, and their sequences end in the line in which they begin")
    func colours() throws {
        let coloured = view(isColoured: true).area(of: busy, at: .zero) + view(isColoured: true).lines(of: ended.1)
        let plain = view().area(of: busy, at: .zero) + view().lines(of: ended.1)
        #expect(coloured.map { $0.replacing(#/\u{1B}\[[0-9;]*m/#, with: "") } == plain)
        #expect(coloured != plain)
        for line in coloured {
            #expect(line.matches(of: #/\u{1B}\[0m/#).count * 2 == line.matches(of: #/\u{1B}\[[0-9;]*m/#).count)
        }
    }
}

@Suite("What is written so that the screen changes")
struct LiveFrameTests {
    private let start = "\u{1B}[?2026h\u{1B}[?25l\u{1B}[?7l"
    private let end = "\u{1B}[?2026l"

    @Test("The first frame stands where the cursor is; the next one over it; at the end nothing is left")
    func frames() {
        var frame = LiveFrame()
        #expect(frame.update(to: ["a", "b"], above: "", width: 80) == start + "\ra\u{1B}[K\nb\u{1B}[K\u{1B}[J" + end)
        #expect(
            frame.update(to: ["a", "c"], above: "", width: 80) == start + "\r\u{1B}[1Aa\u{1B}[K\nc\u{1B}[K\u{1B}[J"
                + end
        )
        let last = frame.update(to: [], above: "over\n", width: 80)
        #expect(last.hasPrefix(start + "\r\u{1B}[1A\u{1B}[J\u{1B}[?7hover\n"))
        #expect(last.hasSuffix(LiveFrame.restore + end))
    }

    @Test("Nothing is written where nothing changes, but for another width")
    func unchanged() {
        var frame = LiveFrame()
        _ = frame.update(to: ["a", "b"], above: "", width: 80)
        #expect(frame.update(to: ["a", "b"], above: "", width: 80).isEmpty)
        #expect(!frame.update(to: ["a", "b"], above: "", width: 79).isEmpty)
        #expect(!frame.update(to: ["a", "b"], above: "x\n", width: 79).isEmpty)
    }

    @Test("A terminal that became narrower has broken the lines: the frame begins above all their pieces")
    func narrower() {
        var frame = LiveFrame()
        _ = frame.update(to: [String(repeating: "x", count: 50), "y"], above: "", width: 80)
        // The first line has three rows now.
        #expect(frame.update(to: ["z"], above: "", width: 20).contains("\r\u{1B}[3Az"))
    }
}
