package import Plans
package import Sandbox
package import Tracing

/// Runs checks alone, with no agent: those of a task, or a milestone's end-to-end section.
package struct PlanVerifier<RunClock: Clock>: Sendable where RunClock.Duration == Duration {
    private let sandbox: any Sandbox
    private let tracer: any Tracer
    private let clock: RunClock
    private let timeLimit: Duration
    /// What the commands are marked with.
    private let mark: String
    private let redact: Redaction

    /// - Parameters:
    ///   - sandbox: Where the checks run.
    ///   - tracer: Makes the spans.
    ///   - clock: What the limit is measured by.
    ///   - timeLimit: How long one command may take.
    ///   - mark: What the processes of the checks are found by; unique in the world.
    ///   - redact: Takes secrets out of what the commands print.
    package init(
        sandbox: any Sandbox,
        tracer: any Tracer,
        clock: RunClock = .continuous,
        timeLimit: Duration,
        mark: String,
        redact: @escaping Redaction = { $0 }
    ) {
        self.sandbox = sandbox
        self.tracer = tracer
        self.clock = clock
        self.timeLimit = timeLimit
        self.mark = mark
        self.redact = redact
    }

    /// Runs the checks of a task, or, without one, the milestone's own.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - task: The task, or nil for the milestone.
    ///   - parent: The context that the trace joins.
    ///   - stops: Requests to stop.
    ///   - observe: Told of each check when it has ended.
    /// - Returns: What they came to, and why they were stopped if they were.
    package func verify(
        _ plan: Plan,
        task: PlanTask?,
        parent: ServiceContext = .topLevel,
        stops: AsyncStream<StopCause>,
        observe: @escaping @Sendable (CheckResult) async -> Void
    ) async -> (verification: Verification, stop: StopCause?) {
        let stopSwitch = StopSwitch()
        let listener = Task { for await stop in stops { stopSwitch.request(stop) } }
        defer { listener.cancel() }
        let runner = CheckRunner(
            sandbox: sandbox,
            attempt: mark,
            clock: clock,
            timeLimit: timeLimit,
            stops: stopSwitch,
            environment: TraceCarrier(of: parent, by: tracer).environment,
            redact: redact
        )
        let verifier = Verifier(runner, tracer: tracer, observe: observe)
        let verification =
            if let task {
                await verifier.verify(task, under: parent)
            } else {
                await verifier.verify(plan.endToEnd, under: parent)
            }
        return (verification, stopSwitch.cause)
    }
}
