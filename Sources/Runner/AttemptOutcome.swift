import Agents
import Sandbox

/// What an invocation came to: the outcome, what the agent told of itself, and what the user must know besides.
struct AttemptOutcome: Sendable {
    var outcome: Outcome
    var claim: Claim
    var report: AgentReport
    var notes: [String]

    /// Reads the claim, decides, and puts what was noticed into words.
    init(_ invocation: AttemptInvocation) {
        switch invocation.report {
        case .success(let report):
            self.report = report
            claim = Claim(parsing: report.finalText)
            outcome = .decide(ending: report.ending, claim: claim, stop: invocation.stop)
        case .failure(let error):
            report = AgentReport(ending: .noResult, termination: .exited(1))
            claim = Claim()
            outcome = .broken(by: error)
        }
        notes = Self.notes(on: invocation, report)
    }

    private static func notes(on invocation: AttemptInvocation, _ report: AgentReport) -> [String] {
        var notes: [String] = []
        if let sentence = sentence(on: invocation.processes, wasStopped: invocation.stop != nil) {
            notes.append(sentence)
        }
        let denied = report.deniedTools
        if !denied.isEmpty {
            notes.append("The agent was refused: \(denied.joined(separator: ", ")).")
        }
        let malformed = report.malformedLines
        if malformed > 0 {
            notes.append("\(malformed) of the stream's lines could not be read; the stream has them as they came.")
        }
        return notes
    }

    /// What the look for the attempt's processes found; nil when it ended by itself and left nothing.
    private static func sentence(on processes: StopReport, wasStopped: Bool) -> String? {
        if let failure = processes.failure {
            return "Whether anything of this attempt still runs could not be seen: \(failure)"
        }
        guard processes.remaining.isEmpty else {
            return "Still running in the sandbox: \(list(processes.remaining)). End them by hand."
        }
        guard wasStopped || !processes.found.isEmpty else { return nil }
        let count = processes.found.count
        let names = processes.found.isEmpty ? "" : " (\(list(processes.found)))"
        let verb = wasStopped ? "Stopped" : "Ended what the agent left running:"
        return "\(verb) \(count) \(count == 1 ? "process" : "processes")\(names); none is left."
    }

    private static func list(_ processes: [ProcessDescription]) -> String {
        processes.map { "\($0.name) \($0.id)" }.joined(separator: ", ")
    }
}
