import Foundation
import Journal
import Runner

/// The questions that nobody has answered, as `questions` prints them.
struct QuestionsListing: Encodable {
    var questions: [AttemptRecord]
    var now: Date

    func encode(to encoder: any Encoder) throws {
        let object: [String: JSONTree] = [
            "schema_version": .integer(1), "questions": .array(questions.map { .object(fields(of: $0)) }),
        ]
        try object.encode(to: encoder)
    }

    private func fields(of attempt: AttemptRecord) -> [String: JSONTree] {
        let end = attempt.end
        let options = (end?.options ?? []).enumerated()
            .map { JSONTree.object(["letter": .string(OptionLetter.of($0)), "text": .string($1)]) }
        return [
            "run_id": .string(attempt.runID), "attempt": .integer(attempt.number), "asked_at": .text(end?.at.inISO8601),
            "age_seconds": .whole(end.map { Int(now.timeIntervalSince($0.at)) }),
            "plan": .object(["file": .string(attempt.planFile), "path": .text(attempt.planPath)]),
            "task_id": .string(attempt.taskID), "task_title": .string(attempt.taskTitle),
            "question": .text(end?.question), "options": .array(options),
            "recommendation": .text(end?.recommendation),
            "answer_command": .string(Self.command(for: attempt)),
        ]
    }

    /// What to type to answer.
    static func command(for attempt: AttemptRecord) -> String {
        let answer = attempt.end?.recommendation == nil ? "'YOUR ANSWER'" : "--recommended"
        let hasOptions = attempt.end?.options?.isEmpty == false
        return "orchestrator answer \(attempt.runID) \(hasOptions ? OptionLetter.of(0) : answer)"
    }
}
