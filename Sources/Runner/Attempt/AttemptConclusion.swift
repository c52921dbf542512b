import Agents
import FoundationEssentials
package import Sandbox

/// What is known of an attempt: grows with each invocation and each look of ours.
struct AttemptConclusion: Sendable {
    var outcome = Outcome(.agentBroke)
    var claim = Claim()
    var verification = Verification()
    var changes = WorkspaceChanges()
    var processes = StopReport()
    /// The last report.
    var report = AgentReport(ending: .noResult, termination: .exited(1))
    /// What the agent's own count of the session has; what an invocation used that was killed is not in it.
    var sessionUsage: [ModelUsage] = []
    /// Tokens and cost over all invocations.
    var usage: [ModelUsage] = []
    /// The cost over all invocations; nil if none ever told one.
    var costUSD: Double?
    var isCostEstimated = false
    var turns = 0
    var deniedTools: [String] = []
    var malformedLines = 0
    var invocations = 0
    var retries = 0
    var fixes = 0
    /// How often a usage limit was waited out.
    var waits = 0
    var notes: [String] = []
    /// Whether the agent's session exists, so that it can be continued.
    var hasSession = false
    /// Whether the last failure passes by itself.
    var canBeRetried = false
    private var wasStopped = false
    private let redact: Redaction

    /// - Parameter redact: Takes secrets out of what the agent says.
    init(redact: @escaping Redaction = { $0 }) {
        self.redact = redact
    }

    /// What breaks in a sandbox and may be whole again a moment later.
    private static let passing: Set<SandboxError.Code> = [.connectionLost, .daemonUnreachable, .startFailed]

    /// Takes in what an invocation came to.
    ///
    /// - Parameters:
    ///   - invocation: The invocation.
    ///   - live: What was seen of its usage in the stream, for an agent that told nothing in the end.
    ///   - recovered: What the agent's own record tells of an invocation that was cut off from us.
    mutating func take(_ invocation: AttemptInvocation, live: [ModelUsage], recovered: RecoveredUsage? = nil) {
        invocations += 1
        wasStopped = invocation.stop != nil
        take(invocation.processes)
        switch invocation.report {
        case .success(var report):
            report.finalText = redact(report.finalText)
            self.report = report
            claim = Claim(parsing: report.finalText)
            outcome = .decide(ending: report.ending, claim: claim, stop: invocation.stop)
            if let recorded = report.recordedStop.flatMap(Cause.init), report.ending != .finished {
                outcome = Outcome(recorded, "as it was recorded")
            }
            canBeRetried = outcome.cause.row.passes || (report.recordedStop != nil && outcome.cause == .sandboxBroke)
            hasSession = hasSession || report.hasBegun
            sessionUsage = report.sessionUsage ?? sessionUsage
            take(report, live: live)
        case .failure(let error):
            report.finalText = ""
            claim = Claim()
            outcome = .broken(by: error)
            canBeRetried = (error as? SandboxError).map { Self.passing.contains($0.code) } ?? false
            sessionUsage = recovered?.sessionUsage ?? sessionUsage
            takeEstimate(recovered?.usage ?? live, isEstimated: recovered?.isEstimated ?? true)
        }
        outcome.particulars = outcome.particulars.map(redact)
    }

    /// Adds what an invocation used that did not tell it itself.
    private mutating func takeEstimate(_ used: [ModelUsage], isEstimated: Bool) {
        guard !used.isEmpty else { return }
        usage = usage.adding(used)
        costUSD = (costUSD ?? 0) + used.total.costUSD
        isCostEstimated = isCostEstimated || isEstimated
    }

    private mutating func take(_ report: AgentReport, live: [ModelUsage]) {
        turns += report.turns
        deniedTools += report.deniedTools
        malformedLines += report.malformedLines
        if report.usage.isEmpty, report.costUSD == nil {
            takeEstimate(live, isEstimated: true)
            return
        }
        usage = usage.adding(report.usage)
        if let cost = report.costUSD { costUSD = (costUSD ?? 0) + cost }
        isCostEstimated = isCostEstimated || report.isCostEstimated
    }

    /// Adds what a look for processes found; what remains is what the last look saw.
    private mutating func take(_ new: StopReport) {
        processes.found += new.found
        processes.killed += new.killed
        processes.remaining = new.remaining
        processes.unattributed = new.unattributed
        processes.failure = new.failure
    }

    /// What the user must know besides, a line each.
    var allNotes: [String] {
        var notes = notes
        if let sentence = ProcessText.sentence(on: processes, wasStopped: wasStopped) { notes.append(sentence) }
        if let sentence = ProcessText.unattributed(processes) { notes.append(sentence) }
        if !deniedTools.isEmpty { notes.append("The agent was refused: \(deniedTools.joined(separator: ", ")).") }
        if malformedLines > 0 {
            notes.append("\(malformedLines) of the stream's lines could not be read; the stream has them as they came.")
        }
        return notes
    }
}

/// What looking for an attempt's processes found, in words.
package enum ProcessText {
    /// What was found and what is left; nil when the attempt ended by itself and left nothing.
    package static func sentence(on processes: StopReport, wasStopped: Bool) -> String? {
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

    /// What began during the attempt and bears no mark of it; nil if there is nothing.
    package static func unattributed(_ processes: StopReport) -> String? {
        guard !processes.unattributed.isEmpty else { return nil }
        return "Began during this attempt, but cannot be attributed to it, and was left alone: "
            + list(processes.unattributed) + "."
    }

    private static func list(_ processes: [ProcessDescription]) -> String {
        let shown = processes.prefix(12).map { "\($0.name) \($0.id)" }.joined(separator: ", ")
        return processes.count > 12 ? shown + " and \(processes.count - 12) more" : shown
    }
}
