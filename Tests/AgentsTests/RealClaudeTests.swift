import FoundationEssentials
import Sandbox
import Testing

@testable import Agents

/// The real Claude Code, on this machine and in a home of its own, with a scripted model on loopback.
@Suite("The real Claude Code")
struct RealClaudeTests {
    /// The tokens of each response of the scripted model.
    private static let tokens = 4780
    /// Their cost by the real program's count.
    private static let cost = 0.0215

    private static let loop = "while :; do sleep 1; done"
    private static let works = #"{"turns":[{"text":"STATUS: complete"}]}"#
    private static let hangs =
        #"{"turns":[{"tools":[{"name":"Bash","input":{"command":"\#(loop)","timeout":600000}}]}]}"#

    /// Runs a body with Claude Code in a scratch directory and a model that plays a scenario.
    private static func withClaude(
        _ scenario: String,
        in scratch: borrowing Scratch,
        credential: String = "ANTHROPIC_API_KEY",
        _ body: (ClaudeCode) async throws -> Void
    ) async throws {
        let inherited = ProcessInfo.processInfo.environment
        let claude = try #require(inherited["ORCHESTRATOR_TEST_CLAUDE"], "run `make test`, which sets it up")
        let python = try #require(inherited["ORCHESTRATOR_TEST_PYTHON"], "run `make test`, which sets it up")
        try scratch.write("#!/bin/sh\necho $$ >\"$HOME/pid\"\nexec \(claude) \"$@\"\n", to: "claude", executable: true)
        try scratch.write(scenario, to: "scenario.json")
        let script = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Support/scripted_model.py").path
        let model = SandboxCommand([python, script, "--scenario", scratch.path + "/scenario.json"])
        let (sandbox, path) = (scratch.sandbox, scratch.path)
        let (ports, port) = AsyncStream<String>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { port.finish() }
                _ = try? await sandbox.run(model) { port.yield(String(decoding: $0, as: UTF8.self)) }
            }
            var announced: String?
            for await text in ports where announced == nil {
                announced = text.filter(\.isNumber)
                break
            }
            let environment = [
                "ANTHROPIC_BASE_URL": "http://127.0.0.1:\(try #require(announced))", credential: "dummy",
                "DISABLE_TELEMETRY": "1", "DISABLE_ERROR_REPORTING": "1", "LANG": "C.UTF-8",
            ]
            try await body(ClaudeCode(executable: path + "/claude", environment: environment))
            group.cancelAll()
        }
    }

    private static func request(resuming earlier: [ModelUsage]? = nil) -> AgentRequest {
        var request = AgentRequest.stub()
        request.continuesSession = earlier != nil
        request.earlierUsage = earlier ?? []
        return request
    }

    /// Runs an invocation whose agent gets a signal when its first response is complete.
    private static func run(
        _ claude: ClaudeCode,
        _ request: AgentRequest,
        in sandbox: BareSandbox,
        signal: String
    ) async throws -> AgentReport {
        try await claude.run(request, in: sandbox) { _ in
        } observe: { event in
            guard case .usage(let usage) = event, usage.total.outputTokens == 80 else { return }
            let kill = #"kill -s "$1" "$(cat "$HOME/pid")""#
            _ = try? await sandbox.run(SandboxCommand(["sh", "-c", kill, "sh", signal])) { _ in }
        }
    }

    @Test("A resumed session is charged with its own part, and its id is neither taken twice nor found elsewhere")
    func resumes() async throws {
        let scratch = try Scratch()
        let sandbox = scratch.sandbox
        try await Self.withClaude(Self.works, in: scratch) { claude in
            let first = try await claude.run(Self.request(), in: sandbox, Witness())
            #expect(first.ending == .finished)
            #expect(first.usage.total.totalTokens == Self.tokens)
            #expect(first.sessionUsage == first.usage)

            let again = try await claude.run(Self.request(), in: sandbox, Witness())
            #expect(again.ending.label == "rejected sessionInUse")
            #expect(!again.hasBegun)

            let witness = Witness()
            let second = try await claude.run(Self.request(resuming: first.usage), in: sandbox, witness)
            #expect(second.ending == .finished)
            #expect(second.usage.total.totalTokens == Self.tokens)
            #expect(abs((second.costUSD ?? 0) - Self.cost) < 1e-9)
            #expect(second.sessionUsage?.total.totalTokens == 2 * Self.tokens)
            let replayed = Sample.report(of: await witness.recorded, .exited(0))
            #expect(replayed == second)

            var stranger = Self.request(resuming: [])
            stranger.sessionID = "22222222-2222-4222-8222-222222222222"
            let unknown = try await claude.run(stranger, in: sandbox, Witness())
            #expect(unknown.ending.label == "rejected sessionUnknown")
            #expect(!unknown.hasBegun)
        }
    }

    @Test("After SIGTERM the agent's own count is found, also in a resumed session; after SIGKILL there is an estimate")
    func stopped() async throws {
        let scratch = try Scratch()
        let sandbox = scratch.sandbox
        var session: [ModelUsage] = []
        try await Self.withClaude(Self.works, in: scratch) { claude in
            session = try await claude.run(Self.request(), in: sandbox, Witness()).sessionUsage ?? []
        }
        try await Self.withClaude(Self.hangs, in: scratch) { claude in
            let ended = try await Self.run(claude, Self.request(resuming: session), in: sandbox, signal: "TERM")
            #expect(ended.ending == .terminated)
            #expect(ended.usage.total.totalTokens == Self.tokens)
            #expect(!ended.isCostEstimated)
            #expect(ended.sessionUsage?.total.totalTokens == 2 * Self.tokens)
            session = ended.sessionUsage ?? []

            let killed = try await Self.run(claude, Self.request(resuming: session), in: sandbox, signal: "KILL")
            #expect(killed.ending == .killed)
            #expect(killed.isCostEstimated)
            #expect(killed.usage.total.totalTokens == Self.tokens)
            #expect(abs((killed.costUSD ?? 0) - Self.cost) < 1e-9)
            #expect(killed.sessionUsage == nil)
        }
        // What the killed one used is missing from the agent's count, so nothing is counted twice or lost.
        try await Self.withClaude(Self.works, in: scratch) { claude in
            let last = try await claude.run(Self.request(resuming: session), in: sandbox, Witness())
            #expect(last.usage.total.totalTokens == Self.tokens)
            #expect(last.sessionUsage?.total.totalTokens == 3 * Self.tokens)
        }
    }

    @Test("An account's usage limit is told at once, with its time, and its session can be gone on with")
    func usageLimit() async throws {
        let scratch = try Scratch()
        let sandbox = scratch.sandbox
        let prefix = "anthropic-ratelimit-unified"
        let headers = """
            {"\(prefix)-status":"rejected","\(prefix)-reset":"now+7200","\(prefix)-representative-claim":"five_hour"}
            """
        let fault = #"{"fault":"status","status":429,"times":1,"headers":\#(headers)}"#
        let scenario = #"{"turns":[\#(fault),{"text":"STATUS: complete"}]}"#
        try await Self.withClaude(scenario, in: scratch, credential: "CLAUDE_CODE_OAUTH_TOKEN") { claude in
            let (before, witness) = (Date(), Witness())
            let limited = try await claude.run(Self.request(), in: sandbox, witness)
            guard case .usageLimit(_, let date?) = limited.ending else {
                Issue.record("\(limited.ending)")
                return
            }
            #expect(date >= before.addingTimeInterval(7199))
            let limit = RateLimit(status: .rejected, resetsAt: date, kind: "five_hour")
            #expect(await witness.events.contains(.rateLimit(limit)))
            #expect(limited.hasBegun)
            let resumed = try await claude.run(Self.request(resuming: []), in: sandbox, Witness())
            #expect(resumed.ending == .finished)
            #expect(resumed.usage.total.totalTokens == Self.tokens)
        }
    }
}
