import Agents
import Plans
import Sandbox
import Tracing

/// The spans of an attempt, by the telemetry contract of DESIGN.md. Names of attributes stand here and nowhere else.
extension Tracer {
    /// Starts `orchestrator.task`, the root of an attempt, and puts the preparation that is already done under it.
    func startAttemptSpan(
        _ preparation: TaskPreparation,
        identity: RunIdentity,
        parent: ServiceContext
    ) -> any Tracing.Span {
        let span = startSpan("orchestrator.task", context: parent, at: preparation.planStart)
        span.updateAttributes { attributes in
            attributes["task.id"] = preparation.task.id
            attributes["task.title"] = preparation.task.title
            attributes["task.attempt"] = identity.attemptNumber
            attributes["orchestrator.run.id"] = identity.runID
            attributes["plan.file"] = preparation.plan.file
            attributes["milestone.id"] = preparation.plan.milestone.id
        }
        addPlanSpan(preparation, under: span.context)
        addSandboxSpan(preparation, under: span.context)
        return span
    }

    private func addPlanSpan(_ preparation: TaskPreparation, under context: ServiceContext) {
        let span = startSpan("orchestrator.plan", context: context, at: preparation.planStart)
        span.updateAttributes { attributes in
            attributes["plan.file"] = preparation.plan.file
            attributes["plan.tasks"] = preparation.plan.tasks.count
        }
        span.end(at: preparation.sandboxStart)
    }

    private func addSandboxSpan(_ preparation: TaskPreparation, under context: ServiceContext) {
        let span = startSpan("orchestrator.sandbox", context: context, at: preparation.sandboxStart)
        let sandbox = preparation.sandbox
        span.updateAttributes { attributes in
            attributes["sandbox.kind"] = sandbox.kind.rawValue
            attributes["container.name"] = sandbox.containerName
            attributes["container.id"] = sandbox.containerID
            attributes["container.image.name"] = sandbox.containerImage
        }
        span.end(at: preparation.end)
    }

    /// Starts `invoke_agent NAME` (GenAI semantic conventions, agent spans).
    func startAgentSpan(
        _ agent: any Agent,
        _ description: AgentDescription,
        options: TaskOptions,
        parent: ServiceContext
    ) -> any Tracing.Span {
        let span = startSpan("invoke_agent \(agent.name)", context: parent, ofKind: .client)
        span.updateAttributes { attributes in
            attributes["gen_ai.operation.name"] = "invoke_agent"
            attributes["gen_ai.provider.name"] = agent.provider
            attributes["gen_ai.agent.name"] = agent.name
            attributes["gen_ai.agent.version"] = description.version
            attributes["gen_ai.request.model"] = options.model
        }
        return span
    }
}

extension Span {
    /// What the agent told of itself, or what broke.
    func record(
        _ report: Result<AgentReport, any Error>,
        outcome: Outcome,
        conventions: GenAIConventions
    ) {
        switch report {
        case .success(let report): record(report, conventions)
        case .failure(let error): recordError(error)
        }
        recordFailure(outcome.status, outcome.cause, outcome.error)
    }

    private func record(_ report: AgentReport, _ conventions: GenAIConventions) {
        let usage = report.usage.total
        updateAttributes { attributes in
            if let version = report.version { attributes["gen_ai.agent.version"] = version }
            attributes["gen_ai.conversation.id"] = report.sessionID
            if let model = report.model { attributes["gen_ai.request.model"] = model }
            attributes["gen_ai.usage.input_tokens"] = usage.totalTokens - usage.outputTokens
            attributes["gen_ai.usage.output_tokens"] = usage.outputTokens
            attributes["gen_ai.usage.cache_read.input_tokens"] = usage.cacheReadTokens
            attributes[conventions.cacheWriteKey] = usage.cacheCreationTokens
            attributes["process.exit.code"] = Int(report.termination.code)
        }
    }

    /// What the attempt came to.
    func record(_ result: TaskResult) {
        updateAttributes { attributes in
            attributes["task.status"] = result.status.rawValue
            attributes["task.claim"] = result.claim?.rawValue
            attributes["task.verdict"] = result.verdict.rawValue
            attributes["task.replayed"] = result.isReplayed ? true : nil
            attributes["claude.tokens"] = result.tokensUsed
            attributes["claude.cost_usd"] = result.costUSD ?? 0
            attributes["claude.session_id"] = result.sessionID
            attributes["claude.cost_estimated"] = result.isCostEstimated ? true : nil
            attributes["task.retries"] = result.retries
            attributes["task.fixes"] = result.fixes
            attributes["task.continues"] = result.continues
            attributes["workspace.changes"] = result.changes.summary
            attributes["processes.found"] = result.processes.found.count
            attributes["processes.remaining"] = result.processes.remaining.count
        }
        if result.cause == .contradicted || result.cause == .noChange { addContradictions(of: result) }
        recordFailure(result.status, result.cause, result.error)
    }

    /// An event for each check that contradicts the claim: what was claimed, what was checked, what came out.
    private func addContradictions(of result: TaskResult) {
        for check in result.verification.failures {
            addEvent(
                SpanEvent(
                    name: "claim.contradicted",
                    attributes: [
                        "task.claim": .string(result.claim?.rawValue ?? ""),
                        "check.kind": .string(check.kind.rawValue),
                        "check.text": .string(String(check.text.prefix(1000))),
                        "check.explanation": .string(check.explanation ?? ""),
                        "check.output": .string(String(check.output.suffix(2000))),
                    ]
                )
            )
        }
        if result.verification.failures.isEmpty {
            let claim = result.claim?.rawValue ?? ""
            addEvent(SpanEvent(name: "claim.contradicted", attributes: ["task.claim": .string(claim)]))
        }
    }

    private func recordFailure(_ status: TaskStatus, _ cause: Cause, _ error: String?) {
        guard status == .failed else { return }
        attributes["error.type"] = cause.rawValue
        setStatus(SpanStatus(code: .error, message: error))
    }
}
