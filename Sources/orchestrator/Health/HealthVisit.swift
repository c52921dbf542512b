import Agents
import Foundation
import Journal
import OTelSDK
import Runner
import Sandbox
import Tracing

/// One look at the health, printed, recorded and traced.
struct HealthVisit {
    private let examination: HealthExamination
    private let journal: Journal?
    private let telemetry: Telemetry?
    private let console: Console

    /// The journal is needed to count and to trace; a broken one is a finding, not the end.
    init(_ settings: Settings, environment: [String: String]) async {
        console = Console(environment: environment, isForProgram: true)
        let opened = Result { try Journal(directory: settings.stateDirectory) }
        // Before the telemetry begins to send it.
        let spool = TelemetrySpool(directory: Telemetry.spoolDirectory(settings))
        journal = try? opened.get()
        var telemetry: Telemetry?
        if let journal { telemetry = try? await Telemetry(settings, journal: journal, environment: environment) }
        self.telemetry = telemetry
        let configuration = Telemetry.configuration(settings, environment: environment)
        let sandbox = settings.makeSandbox(environment: environment)
        let agent = settings.makeAgent(environment: environment)
        // Only asked for its version; it gets no further than that.
        let keyed = settings.makeAgent(environment: environment.merging(["ANTHROPIC_API_KEY": "none"]) { $1 })
        examination = HealthExamination(
            inspectSandbox: { try await sandbox.inspect() },
            inspectAgent: { try await agent.inspect(in: sandbox) },
            inspectAgentWithoutCredential: { try await keyed.inspect(in: sandbox) },
            needsCredential: !agent.isReplay,
            checkCollector: { await configuration.checkCollector(timeout: $0) },
            readJournal: { _ = try await opened.get().attempts(newest: 1) },
            readSpool: { spool }
        )
    }

    func run(_ names: [HealthCheckName], isByName: Bool) async throws -> HealthReport {
        let start = DefaultTracerClock.now
        let at = Date()
        let checks = await examination.run(names)
        let report = HealthReport(at: at, checks: checks, isByName: isByName)
        try console.printJSON(report, isOurs: true)
        await record(report, since: start)
        return report
    }

    private func record(_ report: HealthReport, since start: DefaultTracerClock.Timestamp) async {
        guard let journal, let telemetry else { return }
        telemetry.tracer.recordHealth(report, since: start, parent: telemetry.parentContext)
        let checks = (try? JSONEncoder().encode(report.checks)).map { String(decoding: $0, as: UTF8.self) }
        do {
            try await journal.recordHealthCheck(
                HealthCheckRecord(at: report.at, status: report.status, checks: checks ?? "[]")
            )
        } catch {
            Console.complain("This look at the health was not recorded, so it is not counted: \(error)")
        }
        _ = await telemetry.shutdown()
    }
}

extension Tracer {
    /// Makes `orchestrator.health_check` with an event for each check.
    fileprivate func recordHealth(
        _ report: HealthReport,
        since start: DefaultTracerClock.Timestamp,
        parent: ServiceContext
    ) {
        let span = startSpan("orchestrator.health_check", context: parent, at: start)
        span.attributes["health.status"] = report.status.rawValue
        for check in report.checks {
            var attributes: SpanAttributes = [
                "check.name": .string(check.name.rawValue), "check.status": .string(check.status.rawValue),
                "check.duration": .double(check.duration.inSeconds),
            ]
            attributes["check.detail"] = check.detail
            span.addEvent(SpanEvent(name: "check", attributes: attributes))
        }
        if report.status == .failing {
            let failing = report.checks.filter { $0.status == .failing }.map(\.name.rawValue)
            span.attributes["error.type"] = failing.first
            span.setStatus(SpanStatus(code: .error, message: "Failing: \(failing.joined(separator: ", "))"))
        }
        span.end()
    }
}
