import Sandbox
import Testing

@testable import Agents

@Suite("Looking for Claude Code in a sandbox")
struct ClaudeInspectionTests {
    private let key = ["ANTHROPIC_API_KEY": "secret"]
    private let script = "#!/bin/sh\necho '2.1.330 (Claude Code)'\n"

    private func failure(_ claude: ClaudeCode, in sandbox: any Sandbox) async throws -> AgentError {
        try #require(
            await #expect(throws: AgentError.self) { _ = try await claude.inspect(in: sandbox) }
        )
    }

    @Test("An agent that can work is described with its version, its command and what is not loaded")
    func described() async throws {
        let scratch = try Scratch()
        try scratch.write(script, to: "bin/claude", executable: true)
        try scratch.write("do it", to: ".claude/commands/ktask.md")
        try scratch.write("{}", to: ".mcp.json")
        try scratch.write("{}", to: ".claude/settings.json")
        let claude = ClaudeCode(executable: scratch.path + "/bin/claude", environment: key)
        let description = try await claude.inspect(in: scratch.sandbox)
        #expect(description.version == "2.1.330")
        #expect(description.hasTaskCommand)
        #expect(description.untrustedSettings == [".claude/settings.json", ".mcp.json", ".claude/commands"])
    }

    @Test("An agent that is not there is missing, and the way out is named")
    func missing() async throws {
        let scratch = try Scratch()
        let error = try await failure(ClaudeCode(executable: "no-such-agent", environment: key), in: scratch.sandbox)
        #expect(error.code == .notInstalled)
        #expect(error.message.contains("no-such-agent"))
        #expect(error.remedy?.contains("PATH") == true)
    }

    @Test("An agent that does not run is told from one that is not there")
    func broken() async throws {
        let scratch = try Scratch()
        try scratch.write("#!/bin/sh\nexit 3\n", to: "claude", executable: true)
        let claude = ClaudeCode(executable: scratch.path + "/claude", environment: key)
        let error = try await failure(claude, in: scratch.sandbox)
        #expect(error.code == .notInstalled)
        #expect(error.message.contains("does not run"))
    }

    @Test("Without a key, a token or a login the credential is missing; an empty key is none")
    func credential() async throws {
        let scratch = try Scratch()
        try scratch.write(script, to: "claude", executable: true)
        func claude(_ environment: [String: String]) -> ClaudeCode {
            ClaudeCode(executable: scratch.path + "/claude", environment: environment)
        }
        let error = try await failure(claude(["ANTHROPIC_API_KEY": ""]), in: scratch.sandbox)
        #expect(error.code == .credentialMissing)
        #expect(error.remedy == "export ANTHROPIC_API_KEY=…")
        _ = try await claude(["CLAUDE_CODE_OAUTH_TOKEN": "t"]).inspect(in: scratch.sandbox)
        try scratch.write("{}", to: ".claude/.credentials.json")
        _ = try await claude([:]).inspect(in: scratch.sandbox)
    }

    @Test("One command is enough, and it is not given the credential")
    func oneCommand() async throws {
        let lines = Array("installed\nversion 2.1.330 (Claude Code)\nend\n".utf8)
        let sandbox = FakeSandbox(answer: { _ in FakeSandbox.Answer(output: [lines]) })
        let description = try await ClaudeCode(environment: key).inspect(in: sandbox)
        #expect(description == AgentDescription(version: "2.1.330"))
        let commands = await sandbox.log.commands
        #expect(commands.count == 1)
        #expect(commands.allSatisfy { $0.environment.isEmpty })
    }

    @Test("A sandbox whose shell fails is the sandbox's failure, not a missing agent")
    func noShell() async throws {
        let answer = FakeSandbox.Answer(termination: .exited(127), standardError: "sh: not found")
        let sandbox = FakeSandbox(answer: { _ in answer })
        await #expect(throws: SandboxError.self) { try await ClaudeCode(environment: key).inspect(in: sandbox) }
    }
}
