import Agents
import Foundation
import Journal
import OTelSDK
import Runner
import Sandbox
import Tracing

/// What all commands that work at tasks share: journal, telemetry, signals, and the telling of what comes of it.
struct Workshop: Sendable {
    let settings: Settings
    let environment: [String: String]
    let console: Console
    let output: OutputFlags
    let journal: Journal
    private let notifier: Notifier?

    /// Opens the journal, and first of all looks after what killed runs have left.
    ///
    /// - Throws: `SettingsError`, `JournalError`.
    init(settings: Settings, environment: [String: String], output: OutputFlags) async throws {
        self.settings = settings
        self.environment = environment
        self.output = output
        console = Console(
            environment: environment,
            isForProgram: output.isForProgram,
            detail: output.detail,
            secrets: [settings.outcome.notifyURL].compactMap(\.self)
        )
        notifier = try Notifier(settings.outcome, environment: environment)
        journal = try Journal(directory: settings.stateDirectory)
        for reaped in try await settings.makeReaper(journal, environment: environment).reap() {
            console.print(reaped)
        }
    }

    /// Does what is ordered, and asks a lone person at the terminal where the agent needs one.
    func carryOut(_ order: AttemptOrder, _ prepared: TaskPreparation? = nil) async throws -> Runner.ExitCode {
        let preparation = if let prepared { prepared } else { try await order.prepare() }
        var result = try await attempt(order, preparation)
        while let answer = await answer(to: result) {
            let next = try await ContinuationBuilder(self).answering(result.runID, with: answer)
            result = try await attempt(next, next.prepare())
        }
        return result.exitCode
    }

    /// Runs one attempt and tells of it.
    private func attempt(_ order: AttemptOrder, _ preparation: TaskPreparation) async throws -> TaskResult {
        var order = order
        order.warnings += settings.trace.warnings(environment: environment)
        let file = TraceFile.path(settings, order.identity)
        let telemetry = try await Telemetry(settings, journal: journal, environment: environment, traceFile: file)
        let stops = await StopSignals.stream()
        console.printStart(preparation, of: order)
        let forecast = await order.forecast(preparation, from: journal)
        console.print(forecast)
        let runner = TaskRunner(
            sandbox: order.sandbox,
            agent: order.agent,
            journal: journal,
            stateDirectory: settings.stateDirectory,
            workspace: order.workspace,
            programVersion: Orchestrator.version,
            tracer: telemetry.tracer,
            clock: ContinuousClock(),
            tracing: settings.trace.sessionTracing(
                in: preparation.sandbox,
                endpoint: telemetry.endpoint,
                environment: environment
            ),
            redact: settings.redaction(environment: environment)
        )
        let reporter = RunReporter(console: console, output: output, order: order)
        let result: TaskResult
        do {
            reporter.begin(preparation, order, forecast)
            result = try await runner.run(
                preparation,
                options: order.options,
                identity: order.identity,
                continuation: order.continuation,
                dayStart: LocalDay.start(of: Date()),
                parent: telemetry.parentContext,
                stops: stops,
                observe: { await reporter.observe($0) }
            )
        } catch {
            await reporter.stop()
            _ = await telemetry.shutdown()
            throw error
        }
        try await tell(result, reporter, telemetry)
        return result
    }

    /// Tells of a result in every form that was asked for; telemetry leaves last, within its bound.
    private func tell(_ result: TaskResult, _ reporter: RunReporter, _ telemetry: Telemetry) async throws {
        await reporter.stop()
        try reporter.end(with: result)
        if let file = output.junit {
            do {
                try JUnitReport(result).write(to: file)
            } catch {
                Console.complain("The JUnit report \(file) could not be written: \(error.systemReason)")
            }
        }
        let report = await telemetry.shutdown()
        console.print(report, endpoint: telemetry.endpoint, stateDirectory: settings.stateDirectory)
        await notifier?.notify(result)
    }

    /// The answer of a person at the terminal, where one is there and is to be asked.
    private func answer(to result: TaskResult) async -> Answer? {
        guard result.status == .needsHuman, settings.outcome.asksAtTerminal, !output.isForProgram, !result.isReplayed
        else {
            return nil
        }
        return await TerminalQuestion(console: console, environment: environment)?.ask(result)
    }
}
