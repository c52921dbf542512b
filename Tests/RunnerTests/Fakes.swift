import Agents
import Foundation
import Sandbox
import Synchronization

/// A sandbox in which nothing runs; it notes which attempts were stopped.
final class FakeSandbox: Sandbox {
    let kind: SandboxKind
    let workspace = "/workspace"
    let stopReport: StopReport
    let inspection: Result<SandboxDescription, SandboxError>
    /// What stopping does to the fake agent.
    let onStop: @Sendable () -> Void
    private let stoppedAttempts = Mutex<[String]>([])

    init(
        kind: SandboxKind = .local,
        inspection: Result<SandboxDescription, SandboxError>? = nil,
        stopReport: StopReport = StopReport(),
        onStop: @escaping @Sendable () -> Void = {}
    ) {
        self.kind = kind
        self.inspection = inspection ?? .success(SandboxDescription(kind: kind))
        self.stopReport = stopReport
        self.onStop = onStop
    }

    var stopped: [String] { stoppedAttempts.withLock { $0 } }

    func inspect() async throws -> SandboxDescription { try inspection.get() }

    func run(
        _ command: SandboxCommand,
        output: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> CommandResult {
        CommandResult(termination: .exited(0))
    }

    func stop(attempt: String, since: Date?, grace: Duration) async -> StopReport {
        stoppedAttempts.withLock { $0.append(attempt) }
        onStop()
        return stopReport
    }
}

/// An agent that answers with a report, or works until it is cancelled or stopped.
struct FakeAgent: Agent {
    enum Behaviour: Sendable {
        case answers(AgentReport)
        case breaks(SandboxError)
        /// Works until this stream ends.
        case worksUntil(AsyncStream<Never>)
        /// Does what is given, an invocation after the other; the last one again and again.
        case invocations([@Sendable (Invocation) async throws -> AgentReport])
    }

    /// What an invocation can work with.
    struct Invocation: Sendable {
        var request: AgentRequest
        var sandbox: any Sandbox
        var observe: @Sendable (AgentEvent) async -> Void
    }

    var behaviour: Behaviour
    var isReplay = false
    var description = AgentDescription(version: "2.1.330", hasTaskCommand: true)
    var requests = Requests()
    let name = "claude-code"
    let provider = "anthropic"

    /// The requests that the agent was given.
    final class Requests: Sendable {
        private let all = Mutex<[AgentRequest]>([])
        var last: AgentRequest? { all.withLock { $0.last } }
        var every: [AgentRequest] { all.withLock { $0 } }
        func append(_ request: AgentRequest) { all.withLock { $0.append(request) } }
    }

    func inspect(in sandbox: any Sandbox) async throws -> AgentDescription { description }

    func run(
        _ request: AgentRequest,
        in sandbox: any Sandbox,
        record: @escaping @Sendable ([UInt8]) async throws -> Void,
        observe: @escaping @Sendable (AgentEvent) async -> Void
    ) async throws -> AgentReport {
        requests.append(request)
        try await record(Array("{}\n".utf8))
        switch behaviour {
        case .answers(let report): return report
        case .breaks(let error): throw error
        case .worksUntil(let end):
            for await _ in end {}
            return AgentReport(ending: .noResult, termination: .exited(143))
        case .invocations(let steps):
            let step = steps[min(request.invocation, steps.count) - 1]
            return try await step(Invocation(request: request, sandbox: sandbox, observe: observe))
        }
    }
}

extension AgentReport {
    static func finished(_ text: String) -> AgentReport {
        AgentReport(
            ending: .finished,
            termination: .exited(0),
            sessionID: "session",
            model: "opus",
            version: "2.1.330",
            finalText: text,
            usage: [
                ModelUsage(
                    model: "opus",
                    inputTokens: 100,
                    outputTokens: 20,
                    cacheReadTokens: 3,
                    cacheCreationTokens: 4,
                    costUSD: 0.02
                )
            ],
            costUSD: 0.02,
            hasBegun: true,
            turns: 3
        )
    }
}

/// A scratch directory with a plan in it, gone with its owner.
final class Scratch: Sendable {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("runner-\(UUID().uuidString)").path
    var plan: String { path + "/plan.md" }
    var state: String { path + "/state" }

    init(plan markdown: String = Scratch.helloWorld) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Data(markdown.utf8).write(to: URL(fileURLWithPath: plan))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    static let helloWorld = """
        # Test Milestone: Hello World

        ## Task 1.1: Create hello.py

        **File:** `hello.py`

        **Acceptance Criteria:**
        - [ ] File `hello.py` exists

        ## Task 1.2: Another

        **Acceptance Criteria:**
        - [ ] It works
        """
}
