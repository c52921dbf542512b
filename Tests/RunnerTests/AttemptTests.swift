import Agents
import Foundation
import InMemoryTracing
import Journal
import Sandbox
import Synchronization
import Testing
import Tracing

@testable import Runner

@Suite("What becomes of a claim", .timeLimit(.minutes(2)))
struct AttemptTests {
    private static let plan = """
        # Plan

        ## Task 1.1: Create hello

        **Acceptance Criteria:**
        - [ ] File `hello.txt` exists
        - [ ] `hello.txt` contains `Hello`
        - [ ] It is polite
        """

    /// A plan whose only criterion no machine can check.
    private static let vague = "# Plan\n\n## Task 1.1: Be polite\n\n**Acceptance Criteria:**\n- [ ] It is polite\n"

    private struct Outcome {
        var result: TaskResult
        var agent: FakeAgent
        var place: HostPlace
        var state: String
        var tracer: InMemoryTracer
    }

    /// Runs task 1.1 on this machine, with an agent that does what is given.
    private func attempt(
        _ invocations: [@Sendable (FakeAgent.Invocation) async throws -> AgentReport],
        plan: String = AttemptTests.plan,
        options: TaskOptions = TaskOptions(retries: 2),
        stops: AsyncStream<StopCause> = AsyncStream { _ in },
        observe: @escaping @Sendable (RunEvent) async -> Void = { _ in }
    ) async throws -> Outcome {
        let place = try HostPlace()
        let agent = FakeAgent(behaviour: .invocations(invocations))
        let file = place.scratch + "/plan.md"
        try Data(plan.utf8).write(to: URL(fileURLWithPath: file))
        let preparation = try await TaskPreparation(
            planFile: file,
            taskID: "1.1",
            sandbox: place.sandbox,
            agent: agent
        )
        let tracer = InMemoryTracer()
        let state = place.scratch + "/state"
        let runner = TaskRunner(
            sandbox: place.sandbox,
            agent: agent,
            journal: try Journal(directory: state),
            stateDirectory: state,
            tracer: tracer,
            clock: ContinuousClock(),
            retryPause: .milliseconds(1)
        )
        var random = SystemRandomNumberGenerator()
        let result = try await runner.run(
            preparation,
            options: options,
            identity: RunIdentity(random: &random),
            stops: stops,
            observe: observe
        )
        return Outcome(result: result, agent: agent, place: place, state: state, tracer: tracer)
    }

    /// An invocation that runs a script in the workspace and then says something.
    private static func does(
        _ script: String,
        says text: String = "STATUS: complete"
    ) -> @Sendable (FakeAgent.Invocation) async throws -> AgentReport {
        { invocation in
            _ = try await invocation.sandbox.capture(SandboxCommand(["sh", "-c", script]))
            return .finished(text)
        }
    }

    private static func fails(_ ending: AgentEnding) -> @Sendable (FakeAgent.Invocation) async throws -> AgentReport {
        { _ in AgentReport(ending: ending, termination: .exited(1), hasBegun: true) }
    }

    @Test("A claim that the checks confirm is completed, with what was changed and what was not checked")
    func confirmed() async throws {
        let outcome = try await attempt([Self.does("echo Hello >hello.txt")])
        let result = outcome.result
        #expect(result.status == .completed)
        #expect(result.verdict == .passed)
        #expect(result.claim == .complete)
        #expect(result.verification.unchecked.map(\.text) == ["It is polite"])
        #expect(result.changes.summary == "1 file added (+1 -0 lines)")
        let record = try #require(try await Journal(directory: outcome.state).attempt(result.attemptID))
        #expect(record.end?.verdict == "passed")
        let kept = JSONText.value(Verification.self, of: record.end?.verification)
        #expect(kept?.checks.map(\.text) == result.verification.checks.map(\.text))
        #expect(kept?.verdict == .passed && kept?.unchecked == result.verification.unchecked)
        #expect(JSONText.value(WorkspaceChanges.self, of: record.end?.changes) == result.changes)
    }

    @Test("A claim that a check contradicts is failed, with what was claimed, checked and found, everywhere")
    func contradicted() async throws {
        let outcome = try await attempt([Self.does("echo Goodbye >hello.txt")])
        let result = outcome.result
        #expect(result.status == .failed)
        #expect(result.cause == .contradicted)
        #expect(result.exitCode == .failed)
        #expect(result.claim == .complete)
        #expect(result.verdict == .failed)
        #expect(result.error?.contains("hello.txt does not contain \"Hello\"") == true)
        let root = try #require(outcome.tracer.finishedSpans.first { $0.operationName == "orchestrator.task" })
        #expect(root.attributes.get("task.claim") == "complete")
        #expect(root.attributes.get("task.verdict") == "failed")
        #expect(root.attributes.get("error.type") == "contradicted")
        let event = try #require(root.events.first { $0.name == "claim.contradicted" })
        #expect(event.attributes.get("check.text") == "`hello.txt` contains `Hello`")
        #expect(root.status?.code == .error)
    }

    @Test("A claim with no change and no passing check is a no-op")
    func noChange() async throws {
        let result = try await attempt([Self.does("true")], plan: Self.vague).result
        #expect(result.status == .failed)
        #expect(result.cause == .noChange)
        #expect(result.verdict == .unchecked)
        #expect(result.changes.isKnownEmpty)
        let changed = try await attempt([Self.does("echo x >y")], plan: Self.vague).result
        #expect(changed.status == .completed, "a change that nobody can check is believed")
        #expect(changed.verdict == .unchecked)
    }

    @Test("With fixes the session is resumed with the evidence, until the checks pass or the number is used up")
    func fixes() async throws {
        let outcome = try await attempt(
            [Self.does("echo Goodbye >hello.txt"), Self.does("true"), Self.does("echo Hello >hello.txt")],
            options: TaskOptions(fixes: 2)
        )
        #expect(outcome.result.status == .completed)
        #expect(outcome.result.fixes == 2)
        let requests = outcome.agent.requests.every
        #expect(requests.map(\.continuesSession) == [false, true, true])
        #expect(Set(requests.map(\.sessionID)).count == 1)
        #expect(requests[1].prompt.contains("hello.txt does not contain \"Hello\""))
        #expect(outcome.result.tokensUsed == 3 * 127, "what all invocations used is counted, once")
        let calls = outcome.tracer.finishedSpans.filter { $0.operationName == "invoke_agent claude-code" }
        #expect(calls.count == 3)

        let short = try await attempt([Self.does("true")], options: TaskOptions(fixes: 1))
        #expect(short.result.cause == .contradicted)
        #expect(short.result.fixes == 1)
        #expect(short.agent.requests.every.count == 2)

        let killed = try await attempt([Self.does("true"), Self.fails(.killed)], options: TaskOptions(fixes: 1))
        #expect(killed.result.cause == .agentKilled)
        #expect(killed.result.verdict == .unchecked, "what was checked before the agent went on does not hold any more")
    }

    @Test("A failure that passes is tried again in the same session, with a hard cap")
    func retries() async throws {
        let overloaded = Self.fails(.failedRequest(.overloaded, status: 529, message: "Overloaded"))
        let outcome = try await attempt([overloaded, Self.does("echo Hello >hello.txt")])
        #expect(outcome.result.status == .completed)
        #expect(outcome.result.retries == 1)
        #expect(outcome.agent.requests.every.last?.continuesSession == true)
        #expect(outcome.result.notes.contains("The model's service is overloaded; tried again (1 of 2)."))

        let capped = try await attempt([overloaded])
        #expect(capped.result.cause == .modelOverloaded)
        #expect(capped.agent.requests.every.count == 3)
    }

    @Test(
        "A failure that stays is not tried again",
        arguments: [
            AgentEnding.failedRequest(.credentialRefused, status: 401, message: "m"),
            .failedRequest(.invalid, status: 400, message: "m"), .maxTurns, .killed,
            .modelStopped(.refusal, message: "m"), .rejected(.badArguments, message: "m"),
        ]
    )
    func noRetry(ending: AgentEnding) async throws {
        let outcome = try await attempt([Self.fails(ending)])
        #expect(outcome.agent.requests.every.count == 1)
        #expect(outcome.result.retries == 0)
        #expect(outcome.result.status == .failed)
    }

    @Test(
        "Our own limits stop an agent that overshoots",
        arguments: [Cause.turnLimit, .tokenLimit, .costLimit, .idleLimit]
    )
    func limits(cause: Cause) async throws {
        let limits = AttemptLimits(
            idle: cause == .idleLimit ? .milliseconds(100) : nil,
            turns: cause == .turnLimit ? 2 : 50,
            tokens: cause == .tokenLimit ? 1000 : nil,
            costUSD: cause == .costLimit ? 0.1 : nil
        )
        let outcome = try await attempt(
            [
                { invocation in
                    for turn in 1...20 where cause != .idleLimit {
                        await invocation.observe(.messageStarted(id: "m\(turn)", model: "opus", parentToolCall: nil))
                        let used = ModelUsage(model: "opus", inputTokens: 300 * turn, costUSD: 0.03 * Double(turn))
                        await invocation.observe(.usage([used]))
                    }
                    // What goes on until it is ended, as the agent's process does.
                    let work = SandboxCommand(["sleep", "3600"], attempt: invocation.request.attempt)
                    let end = try await invocation.sandbox.run(work, output: { _ in })
                    return AgentReport(ending: .terminated, termination: end.termination, hasBegun: true)
                }
            ],
            options: TaskOptions(limits: limits)
        )
        #expect(outcome.result.cause == cause)
        #expect(outcome.result.exitCode == .limitReached)
        #expect(outcome.result.claim == nil)
        if cause != .idleLimit {
            #expect(outcome.result.costUSD ?? 0 > 0, "what was seen of its cost is kept")
            #expect(outcome.result.isCostEstimated)
        }
    }

    @Test("An account's limit parks the attempt until its reset, and --wait goes on afterwards")
    func usageLimit() async throws {
        let reset = Date(timeIntervalSinceNow: 7200)
        let limited = Self.fails(.usageLimit(message: "m", resetsAt: reset))
        let parked = try await attempt([limited]).result
        #expect(parked.cause == .usageLimit)
        #expect(parked.exitCode == .limitReached)
        #expect(parked.resumesAt == reset)
        #expect(parked.advice?.contains("orchestrator resume \(parked.runID)") == true)

        let (stops, stopper) = AsyncStream<StopCause>.makeStream()
        let waiting = try await attempt(
            [limited],
            options: TaskOptions(waitsForUsageLimit: true),
            stops: stops,
            observe: { event in if case .waiting = event { stopper.yield(.interrupted) } }
        )
        #expect(waiting.result.cause == .interrupted, "a wait can be broken off")
    }

    @Test("A stop while the checks run ends them, and the attempt is not completed")
    func stopDuringChecks() async throws {
        let (stops, stopper) = AsyncStream<StopCause>.makeStream()
        let slow = "# P\n\n## Task 1.1: T\n\n**Verify:**\n```bash\ntrue\nsleep 3333\n```\n"
        let outcome = try await attempt(
            [Self.does("echo x >y")],
            plan: slow,
            stops: stops,
            observe: { event in if case .checked = event { stopper.yield(.terminated) } }
        )
        #expect(outcome.result.cause == .terminated)
        #expect(outcome.result.exitCode == .terminated)
        #expect(outcome.result.claim == .complete, "the claim stands as it was made")
    }

    @Test("A spent day starts nothing")
    func spentDay() async throws {
        let limits = AttemptLimits(costPerDayUSD: 0.02)
        let error = await #expect(throws: PreparationError.self) {
            let spent = try await attempt([Self.does("true")], options: TaskOptions(limits: limits))
            // The same state once more: the day's limit of two cents is used up by the first.
            let preparation = try await TaskPreparation(
                planFile: spent.place.scratch + "/plan.md",
                taskID: "1.1",
                sandbox: spent.place.sandbox,
                agent: spent.agent
            )
            let runner = TaskRunner(
                sandbox: spent.place.sandbox,
                agent: spent.agent,
                journal: try Journal(directory: spent.state),
                stateDirectory: spent.state,
                tracer: InMemoryTracer(),
                clock: ContinuousClock()
            )
            var random = SystemRandomNumberGenerator()
            _ = try await runner.run(
                preparation,
                options: TaskOptions(limits: limits),
                identity: RunIdentity(random: &random),
                stops: AsyncStream { _ in }
            )
        }
        #expect(error?.exitCode == .limitReached)
        #expect(error?.message.contains("the limit of the day is $0.02") == true)
    }
}
