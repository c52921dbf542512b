import ArgumentParser
import Foundation
import Journal
import Plans
import Runner

/// `orchestrator verify`: the checks of a task, or of a milestone, with no agent.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Run the checks of a task, or a milestone's end-to-end section, without an agent.",
        discussion: """
            With an ID, the task's Verify blocks and those of its criteria that a machine can check; without one, the
            milestone's own end-to-end section. The exit code is 0 if all checks passed, and 1 if one failed or if there was
            nothing to check.

            Examples:
              orchestrator verify TestPlans/hello_world.md 1.1
              orchestrator verify plan.md
              orchestrator verify plan.md 2.3 --json | jq '.checks[] | select(.outcome != "passed")'
            """
    )

    @Argument(help: "The Markdown plan.", completion: .file(extensions: ["md", "markdown"]))
    var plan: String

    @Argument(help: "The task's id; the milestone's own section without one.")
    var taskID: String?

    @OptionGroup(title: "Sandbox")
    var place: PlaceFlags

    @OptionGroup(title: "Checks")
    var checks: CheckFlags

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    @Option(help: "Write the checks as JUnit XML to this file.", completion: .file(extensions: ["xml"]))
    var junit: String?

    mutating func run() async throws {
        try await exitingWithCode { [self] in
            let environment = ProcessInfo.processInfo.environment
            let flags = try SettingsFlags(place: place, checks: checks)
            let settings = try await Settings(flags: flags, environment: environment)
            let plan = try TaskPreparation.readPlan(plan)
            let task = try taskID.map { try TaskPreparation.task($0, of: plan) }
            let sandbox = settings.makeSandbox(environment: environment)
            _ = try await TaskPreparation.inspect(sandbox)
            let journal = try Journal(directory: settings.stateDirectory)
            let telemetry = try await Telemetry(settings, journal: journal, environment: environment)
            let console = Console(environment: environment, isForProgram: json)
            let stops = await StopSignals.stream()
            console.printVerifying(plan, task)
            let verifier = PlanVerifier(
                sandbox: sandbox,
                tracer: telemetry.tracer,
                clock: ContinuousClock(),
                timeLimit: settings.checkTimeout,
                mark: "verify-\(UUID().uuidString.lowercased())",
                redact: settings.redaction(environment: environment)
            )
            let (verification, stop) = await verifier.verify(
                plan,
                task: task,
                parent: telemetry.parentContext,
                stops: stops,
                observe: { console.print($0) }
            )
            let listing = VerificationListing(verification, plan: plan, task: task)
            if json { try console.printJSON(listing) } else { console.printEnd(of: verification) }
            if let junit { try JUnitReport(verification, plan: plan, task: task).write(to: junit) }
            let report = await telemetry.shutdown()
            console.print(report, endpoint: telemetry.endpoint, stateDirectory: settings.stateDirectory)
            if let stop { return stop.cause.row.exitCode }
            return verification.verdict == .passed ? .completed : .failed
        }
    }
}

/// What checks came to, as `--json` prints it.
struct VerificationListing: Encodable {
    var schemaVersion = 1
    var plan: String
    var taskID: String?
    var verdict: Verdict
    var checks: [CheckResult]
    var uncheckedCriteria: [UncheckedCriterion]

    enum CodingKeys: String, CodingKey {
        case schemaVersion = "schema_version"
        case plan
        case taskID = "task_id"
        case verdict
        case checks
        case uncheckedCriteria = "unchecked_criteria"
    }

    init(_ verification: Verification, plan: Plan, task: PlanTask?) {
        self.plan = plan.file
        taskID = task?.id
        verdict = verification.verdict
        checks = verification.checks
        uncheckedCriteria = verification.unchecked
    }
}
