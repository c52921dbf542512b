import Agents
import Foundation
import InMemoryTracing
import Journal
import Sandbox
import Testing
import Tracing

@testable import Runner

@Suite("One attempt, from plan to record")
struct TaskRunnerTests {
    /// Runs task 1.1 of a scratch plan with fakes.
    private func attempt(
        _ agent: FakeAgent,
        sandbox: FakeSandbox = FakeSandbox(),
        options: TaskOptions = TaskOptions(),
        tracer: InMemoryTracer = InMemoryTracer(),
        stops: AsyncStream<StopCause> = AsyncStream { _ in },
        seed: UInt64 = 1,
        scratch: Scratch
    ) async throws -> TaskResult {
        let preparation = try await TaskPreparation(
            planFile: scratch.plan,
            taskID: "1.1",
            sandbox: sandbox,
            agent: agent
        )
        let runner = TaskRunner(
            sandbox: sandbox,
            agent: agent,
            journal: try Journal(directory: scratch.state),
            stateDirectory: scratch.state,
            tracer: tracer,
            clock: ContinuousClock(),
            retryPause: .milliseconds(1)
        )
        var random = SeededRandom(state: seed)
        return try await runner.run(
            preparation,
            options: options,
            identity: RunIdentity(random: &random),
            stops: stops
        )
    }

    @Test("A completed task is told, recorded and traced alike")
    func completed() async throws {
        let scratch = try Scratch()
        let tracer = InMemoryTracer()
        let sandbox = FakeSandbox()
        let agent = FakeAgent(behaviour: .answers(.finished("Done.\nSTATUS: complete")))
        let result = try await attempt(agent, sandbox: sandbox, tracer: tracer, scratch: scratch)

        #expect(result.status == .completed)
        #expect(result.exitCode == .completed)
        #expect(result.tokensUsed == 127)
        #expect(result.costUSD == 0.02)
        #expect(result.sessionID == "session")
        #expect(
            sandbox.stopped == ["\(result.runID).1", "\(result.runID).1"],
            "after the agent and after the checks it is looked whether anything runs on"
        )
        let stream = try String(contentsOfFile: result.stream, encoding: .utf8).split(separator: "\n")
        #expect(stream.first == "{}")
        let last = InvocationEnd(line: Array((stream.last ?? "").utf8))
        #expect(last == InvocationEnd(number: 1, exitCode: 0))

        let record = try #require(try await Journal(directory: scratch.state).attempt("\(result.runID).1"))
        #expect(record.end?.status == "completed")
        #expect(record.end?.exitCode == 0)
        #expect(try Journal(directory: scratch.state).totals().models["opus"]?.inputTokens == 100)

        let spans = Dictionary(grouping: tracer.finishedSpans, by: \.operationName).mapValues { $0[0] }
        #expect(
            Set(spans.keys)
                == [
                    "orchestrator.task", "orchestrator.plan", "orchestrator.sandbox", "invoke_agent claude-code",
                    "orchestrator.verify", "orchestrator.check exists",
                ]
        )
        let root = try #require(spans["orchestrator.task"])
        #expect(root.attributes.get("task.status") == "completed")
        #expect(root.attributes.get("claude.tokens") == 127)
        #expect(root.status == nil)
        let call = try #require(spans["invoke_agent claude-code"])
        #expect(call.kind == .client)
        #expect(call.parentSpanID == root.spanID)
        #expect(call.attributes.get("gen_ai.usage.input_tokens") == 107, "cached input included")
        #expect(spans.values.allSatisfy { $0.traceID == root.traceID })
    }

    @Test("The prompt begins with /ktask where the sandbox has it, and with its text where it has not")
    func prompt() async throws {
        let scratch = try Scratch()
        var agent = FakeAgent(behaviour: .answers(.finished("STATUS: complete")))
        _ = try await attempt(agent, options: TaskOptions(guidance: "Use tabs."), scratch: scratch)
        let prompt = try #require(agent.requests.last?.prompt)
        #expect(prompt.hasPrefix("/ktask impl: \(scratch.plan) task: 1.1\n"))
        #expect(prompt.contains("Additional guidance: Use tabs."))
        #expect(prompt.contains("- [ ] File `hello.py` exists"))
        #expect(!prompt.contains("Task 1.2"))
        #expect(prompt.contains("- STATUS: complete | needs_human | failed"))

        agent.description.hasTaskCommand = false
        _ = try await attempt(agent, seed: 2, scratch: scratch)
        let expanded = try #require(agent.requests.last?.prompt)
        #expect(expanded.hasPrefix("Do one task of a plan."))
        #expect(expanded.contains("impl: \(scratch.plan) task: 1.1"))
        #expect(!expanded.contains("$ARGUMENTS"))
    }

    @Test("The command's text is that of the sandbox image")
    func taskCommand() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = try String(contentsOf: root.appending(path: "deploy/environments/sandbox/ktask.md"), encoding: .utf8)
        let body = file.components(separatedBy: "---\n").dropFirst(2).joined(separator: "---\n")
        #expect(body.trimmingCharacters(in: .newlines) == TaskCommand.body)
    }

    @Test("An agent that works too long is stopped, and the attempt is a failure at its limit")
    func timeLimit() async throws {
        let scratch = try Scratch()
        let (end, stopWorking) = AsyncStream<Never>.makeStream()
        let found = ProcessDescription(id: 7, name: "claude")
        let sandbox = FakeSandbox(stopReport: StopReport(found: [found]), onStop: { stopWorking.finish() })
        let agent = FakeAgent(behaviour: .worksUntil(end))
        let result = try await attempt(
            agent,
            sandbox: sandbox,
            options: TaskOptions(limits: AttemptLimits(time: .milliseconds(20))),
            scratch: scratch
        )
        #expect(result.status == .failed)
        #expect(result.cause == .timeLimit)
        #expect(result.exitCode == .limitReached)
        #expect(result.notes == ["Stopped 1 process (claude 7); none is left."])
        #expect(sandbox.stopped.count == 1)
    }

    @Test(
        "A request to stop is an interruption, recorded as one",
        arguments: zip([StopCause.interrupted, .terminated, .hungUp], [Cause.interrupted, .terminated, .hungUp])
    )
    func stop(stop: StopCause, cause: Cause) async throws {
        let scratch = try Scratch()
        let (end, stopWorking) = AsyncStream<Never>.makeStream()
        let (stops, stopper) = AsyncStream<StopCause>.makeStream()
        stopper.yield(stop)
        let sandbox = FakeSandbox(onStop: { stopWorking.finish() })
        let agent = FakeAgent(behaviour: .worksUntil(end))
        let result = try await attempt(agent, sandbox: sandbox, stops: stops, scratch: scratch)
        #expect(result.status == .failed)
        #expect(result.cause == cause)
        let record = try await Journal(directory: scratch.state).attempts().first
        #expect(record?.end?.cause == cause.rawValue)
    }

    @Test("A sandbox that breaks while the agent works is a failure that names it, and nothing runs on")
    func brokenSandbox() async throws {
        let scratch = try Scratch()
        let tracer = InMemoryTracer()
        let sandbox = FakeSandbox(stopReport: StopReport(found: [ProcessDescription(id: 7, name: "claude")]))
        let error = SandboxError(.daemonUnreachable, "The docker daemon is gone.", remedy: "systemctl start docker")
        let agent = FakeAgent(behaviour: .breaks(error))
        let result = try await attempt(agent, sandbox: sandbox, tracer: tracer, scratch: scratch)
        #expect(result.processes.found.count == 3)
        let call = tracer.finishedSpans.first { $0.operationName == "invoke_agent claude-code" }
        #expect(call?.attributes.get("error.type") == "sandbox_broke")
        #expect(result.cause == .sandboxBroke)
        #expect(result.exitCode == .unavailable)
        #expect(result.error == "The sandbox broke: The docker daemon is gone.")
        #expect(result.advice == "systemctl start docker")
        #expect(result.retries == 2, "a daemon that is gone may come back")
    }

    @Test("A replay says so, and stays out of the totals")
    func replay() async throws {
        let scratch = try Scratch()
        let agent = FakeAgent(behaviour: .answers(.finished("STATUS: complete")), isReplay: true)
        let result = try await attempt(agent, scratch: scratch)
        #expect(result.isReplayed)
        #expect(try Journal(directory: scratch.state).totals().attempts.isEmpty)
    }

    @Test("What is missing is told before anything is recorded, with the exit code of the table")
    func preparation() async throws {
        let scratch = try Scratch()
        let agent = FakeAgent(behaviour: .answers(.finished("")))
        let missing = await #expect(throws: PreparationError.self) {
            try await TaskPreparation(planFile: scratch.plan, taskID: "9.9", sandbox: FakeSandbox(), agent: agent)
        }
        #expect(missing?.exitCode == .planUnusable)
        #expect(missing?.message == "Task 9.9 is not in \(scratch.plan); it has 1.1 and 1.2.")

        let unreadable = await #expect(throws: PreparationError.self) {
            try await TaskPreparation(
                planFile: scratch.path + "/no.md",
                taskID: "1.1",
                sandbox: FakeSandbox(),
                agent: agent
            )
        }
        #expect(unreadable?.exitCode == .planUnusable)

        let error = SandboxError(.containerMissing, "There is no container x.", remedy: "make sandbox")
        let unavailable = await #expect(throws: PreparationError.self) {
            try await TaskPreparation(
                planFile: scratch.plan,
                taskID: "1.1",
                sandbox: FakeSandbox(inspection: .failure(error)),
                agent: agent
            )
        }
        #expect(unavailable?.exitCode == .unavailable)
        #expect(unavailable?.remedy == "make sandbox")
        #expect(!FileManager.default.fileExists(atPath: scratch.state))
    }

    @Test("The JSON has the milestone document's fields, with null for what is not known")
    func json() async throws {
        let scratch = try Scratch()
        let agent = FakeAgent(behaviour: .answers(.finished("STATUS: needs_human\nQUESTION: Which?\nOPTIONS: a, b")))
        let result = try await attempt(agent, scratch: scratch)
        let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(result)) as? [String: Any]
        let json = try #require(object)
        for key in [
            "task_id", "status", "duration_seconds", "tokens_used", "cost_usd", "output", "session_id", "question",
            "options", "recommendation", "error", "cause", "exit_code", "claim", "replayed", "tokens", "models",
            "run_id", "trace_id", "stream", "schema_version", "plan", "verdict", "checks", "unchecked_criteria",
            "changes", "cost_estimated", "resume_at", "retries", "fixes", "processes", "attempt", "continues",
            "sandbox", "container", "workspace", "started_at", "ended_at",
        ] {
            #expect(json[key] != nil, "\(key) is there")
        }
        #expect(json["recommendation"] is NSNull)
        #expect(json["options"] as? [String] == ["a", "b"])
        #expect(json["exit_code"] as? Int == 2)
        #expect((json["tokens"] as? [String: Any])?["cache_read"] as? Int == 3)
    }
}
