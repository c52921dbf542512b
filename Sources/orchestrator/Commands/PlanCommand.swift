import ArgumentParser
import Foundation
import Plans
import Runner

/// `orchestrator plan`: the tasks of a plan, and every complaint about it.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "List the tasks of a plan and everything that is wrong with it.",
        discussion: """
            Nothing is run. The exit code is 65 if the plan cannot be run as it stands.

            Examples:
              orchestrator plan TestPlans/health_check.md
              orchestrator plan plan.md --json | jq '.tasks[].id'
            """
    )

    @Argument(help: "The Markdown plan.", completion: .file(extensions: ["md", "markdown"]))
    var plan: String

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    mutating func run() async throws {
        try await exitingWithCode { [self] in
            let plan = try TaskPreparation.parsePlan(plan)
            let console = Console(environment: ProcessInfo.processInfo.environment)
            if json {
                try console.printJSON(PlanListing(plan))
            } else {
                console.print(plan)
            }
            return plan.isRunnable ? .completed : .planUnusable
        }
    }
}

/// A plan as `--json` prints it.
struct PlanListing: Encodable {
    struct Task: Encodable {
        var id: String
        var title: String
        var files: [String]
        var description: String
        var criteria: [String]
        var dependsOn: [String]
        var line: Int

        enum CodingKeys: String, CodingKey {
            case id
            case title
            case files
            case description
            case criteria
            case dependsOn = "depends_on"
            case line
        }
    }

    struct Complaint: Encodable {
        var line: Int
        var message: String
        var severity: String
    }

    var milestone: String
    var tasks: [Task]
    var complaints: [Complaint]

    init(_ plan: Plan) {
        milestone = plan.milestone.heading
        tasks = plan.tasks.map { task in
            Task(
                id: task.id,
                title: task.title,
                files: task.files,
                description: task.description,
                criteria: task.criteria.map(\.text),
                dependsOn: task.dependsOn,
                line: task.line
            )
        }
        complaints = plan.complaints.map {
            Complaint(line: $0.line, message: $0.message, severity: $0.severity.rawValue)
        }
    }
}
