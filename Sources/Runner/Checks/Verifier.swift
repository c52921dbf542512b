import Plans
import Sandbox
import Tracing

/// Checks a task, or a milestone's end-to-end section, in the sandbox: `orchestrator.verify`, with a child span a check.
package struct Verifier<RunClock: Clock>: Sendable where RunClock.Duration == Duration {
    private let runner: CheckRunner<RunClock>
    private let tracer: any Tracer
    private let observe: @Sendable (CheckResult) async -> Void

    init(
        _ runner: CheckRunner<RunClock>,
        tracer: any Tracer,
        observe: @escaping @Sendable (CheckResult) async -> Void
    ) {
        self.runner = runner
        self.tracer = tracer
        self.observe = observe
    }

    /// Runs all checks of a task, in the order of the plan's lines.
    func verify(_ task: PlanTask, under parent: ServiceContext) async -> Verification {
        var unchecked: [UncheckedCriterion] = []
        var steps: [Step] = task.verification.map(Step.block)
        for criterion in task.criteria {
            if let check = criterion.check {
                steps.append(.criterion(criterion, check))
            } else {
                unchecked.append(UncheckedCriterion(text: criterion.text, line: criterion.line))
            }
        }
        return await verify(steps.sorted { $0.line < $1.line }, unchecked, under: parent)
    }

    /// Runs the commands of a milestone's end-to-end section.
    func verify(_ blocks: [CommandBlock], under parent: ServiceContext) async -> Verification {
        await verify(blocks.map(Step.block), [], under: parent)
    }

    private enum Step {
        case block(CommandBlock)
        case criterion(PlanTask.Criterion, CriterionCheck)

        var line: Int {
            switch self {
            case .block(let block): block.line
            case .criterion(let criterion, _): criterion.line
            }
        }
    }

    private func verify(
        _ steps: [Step],
        _ unchecked: [UncheckedCriterion],
        under parent: ServiceContext
    ) async -> Verification {
        guard !steps.isEmpty else { return Verification(unchecked: unchecked) }
        let span = tracer.startSpan("orchestrator.verify", context: parent)
        defer { span.end() }
        let recorder = CheckSpans(tracer: tracer, parent: span.context)
        var checks: [CheckResult] = []
        for step in steps where runner.stops.cause == nil {
            switch step {
            case .block(let block):
                var random = SystemRandomNumberGenerator()
                let run = BlockChecks(runner: runner, block: block, key: Self.key(&random)) { check in
                    let check = check.redacted(by: runner.redact)
                    recorder.record(check)
                    await observe(check)
                }
                checks += await run.run().map { $0.redacted(by: runner.redact) }
            case .criterion(let criterion, let check):
                let result = await CriterionRun(runner: runner, criterion: criterion, check: check).run()
                    .redacted(by: runner.redact)
                recorder.record(result)
                await observe(result)
                checks.append(result)
            }
        }
        // Servers that a block has started for the next one end here.
        _ = await runner.sandbox.stop(attempt: runner.attempt, since: nil, grace: .seconds(1))
        let verification = Verification(checks: checks, unchecked: unchecked)
        span.record(verification)
        return verification
    }

    /// 128 random bits in digits.
    private static func key(_ random: inout some RandomNumberGenerator) -> String {
        "orchestrator-" + String(random.next(), radix: 36) + String(random.next(), radix: 36)
    }
}
