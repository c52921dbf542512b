import Sandbox
import Testing

@testable import Agents

@Suite("Claude Code")
struct ClaudeCodeTests {
    private let key = ["ANTHROPIC_API_KEY": "secret"]

    @Test("The command asks for a stream, keeps the workspace's settings out, and has the prompt as input")
    func command() {
        let request = AgentRequest.stub(prompt: "\n /ktask - do it")
        let command = ClaudeCode(environment: key).command(for: request)
        #expect(
            command.arguments == [
                "claude", "-p", "--output-format", "stream-json", "--verbose", "--include-partial-messages",
                "--permission-mode", "acceptEdits", "--max-turns", "50",
                "--session-id=5c1f1d0a-6a51-4d0e-9b77-0b8f5c2f1a01",
                "--allowedTools=Bash,Read,Write", "--setting-sources", "user", "--strict-mcp-config",
            ]
        )
        #expect(command.standardInput == Array("/ktask - do it".utf8))
        #expect(command.attempt == request.attempt)
        #expect(command.workingDirectory == nil)
    }

    @Test("A model is one argument whatever its name, and a trusted workspace's settings are loaded")
    func modelAndTrust() {
        let request = AgentRequest.stub(model: "--odd", trustWorkspace: true)
        let arguments = ClaudeCode(environment: [:]).command(for: request).arguments
        #expect(arguments.contains("--model=--odd"))
        #expect(!arguments.contains("--setting-sources") && !arguments.contains("--strict-mcp-config"))
    }

    @Test("No limit of turns can be given by accident", arguments: [0, -1, Int.min])
    func turns(limit: Int) {
        var request = AgentRequest.stub()
        request.maxTurns = limit
        let arguments = ClaudeCode(environment: [:]).command(for: request).arguments
        #expect(arguments.contains("1") && !arguments.contains(String(limit)))
    }

    @Test("Credentials reach the agent by environment only, and win over what we set")
    func environment() {
        let given = ["ANTHROPIC_API_KEY": "secret", "DISABLE_AUTOUPDATER": "0", "CLAUDE_CODE_OAUTH_TOKEN": ""]
        let command = ClaudeCode(environment: given).command(for: .stub())
        let expected = [
            "ANTHROPIC_API_KEY": "secret", "DISABLE_AUTOUPDATER": "0", "TRACEPARENT": "00-1-2-01",
            "CLAUDE_CODE_DISABLE_BACKGROUND_TASKS": "1", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        ]
        #expect(command.environment == expected)
        #expect(!command.arguments.contains { $0.contains("secret") })
    }

    @Test("A session that exists is gone on with, and a limit of cost goes to the agent too, never as zero")
    func continued() {
        var request = AgentRequest.stub()
        request.continuesSession = true
        request.maxCostUSD = 0.25
        let arguments = ClaudeCode(environment: [:]).command(for: request).arguments
        #expect(arguments.contains("--resume=5c1f1d0a-6a51-4d0e-9b77-0b8f5c2f1a01"))
        #expect(arguments.contains("--max-budget-usd=0.25"))
        #expect(!arguments.contains { $0.hasPrefix("--session-id") })
        request.maxCostUSD = 0
        #expect(ClaudeCode(environment: [:]).command(for: request).arguments.contains("--max-budget-usd=0.0001"))
    }

    @Test("A session is recorded byte for byte and reported")
    func run() async throws {
        let bytes = try Sample.bytes("stream_success.jsonl")
        let chunks = [Array(bytes[..<1000]), Array(bytes[1000...])]
        let sandbox = FakeSandbox(answer: { _ in FakeSandbox.Answer(output: chunks, standardError: "note") })
        let witness = Witness()
        let report = try await ClaudeCode(environment: key).run(.stub(), in: sandbox, witness)
        #expect(report == (try Sample.report(stream: "stream_success.jsonl", standardError: "note")))
        #expect(await witness.recorded == bytes)
        #expect(await witness.events == Sample.events(bytes))
        #expect(await sandbox.log.commands.count == 1)
    }

    @Test("What recording throws ends the session with that error")
    func recordingFails() async throws {
        struct DiskFull: Error {}
        let sandbox = FakeSandbox(answer: { _ in FakeSandbox.Answer(output: [[0x0A]]) })
        await #expect(throws: DiskFull.self) {
            try await ClaudeCode(environment: key).run(.stub(), in: sandbox) { _ in
                throw DiskFull()
            } observe: { _ in
            }
        }
    }

    @Test("A stopped session still tells its cost, from the transcript")
    func stoppedCost() async throws {
        let stream = try Sample.bytes("stream_SIGTERM_during_bash.jsonl")
        let line = #"{"type":"cost-state","totalCostUSD":0.5,"modelUsage":{"m":{"inputTokens":7,"costUSD":0.5}}}"#
        let sandbox = FakeSandbox(answer: { command in
            command.arguments.first == "claude"
                ? FakeSandbox.Answer(output: [stream], termination: .exited(143))
                : FakeSandbox.Answer(output: [Array((line + "\n").utf8)])
        })
        let report = try await ClaudeCode(environment: key).run(.stub(), in: sandbox, Witness())
        #expect(report.ending == .terminated)
        #expect(report.costUSD == 0.5)
        #expect(report.usage == [ModelUsage(model: "m", inputTokens: 7, costUSD: 0.5)])
        let look = try #require(await sandbox.log.commands.last)
        #expect(look.attempt == nil)
        #expect(look.environment.isEmpty)
    }

    @Test("Where the transcript tells nothing the stream does, as an estimate", arguments: ["", "no json", "{}", "[]"])
    func estimatedCost(line: String) async throws {
        let stream = try Sample.bytes("stream_SIGHUP.jsonl")
        let sandbox = FakeSandbox(answer: { command in
            guard command.arguments.first == "claude" else { return FakeSandbox.Answer(output: [Array(line.utf8)]) }
            return FakeSandbox.Answer(output: [stream], termination: .signaled(9))
        })
        let report = try await ClaudeCode(environment: key).run(.stub(), in: sandbox, Witness())
        #expect(report.ending == .killed)
        #expect(report.isCostEstimated)
        #expect(report.usage.map(\.totalTokens) == [2 * 4780])
        #expect(abs((report.costUSD ?? 0) - 0.043) < 1e-9)
        #expect(report.turns == 2)
    }
}
