import ArgumentParser
import Foundation
import Journal
import Runner

/// `orchestrator questions`: what agents ask and nobody has answered.
struct QuestionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "questions",
        abstract: "List the questions that nobody has answered yet, the oldest first.",
        discussion: """
            Each is answered with orchestrator answer, however long it has waited: the agent's session goes on.

            Examples:
              orchestrator questions
              orchestrator questions --json | jq -r '.questions[].answer_command'
            """
    )

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    mutating func run() async throws {
        try await exitingWithCode { [self] in
            let environment = ProcessInfo.processInfo.environment
            let settings = try await Settings(flags: SettingsFlags.parse([]), environment: environment)
            let questions = try await settings.existingJournal().openQuestions()
            let listing = QuestionsListing(questions: questions, now: Date())
            let console = Console(environment: environment)
            if json {
                try console.printJSON(listing)
            } else {
                console.print(listing)
            }
            return .completed
        }
    }
}
