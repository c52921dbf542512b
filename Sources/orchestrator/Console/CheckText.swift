import Foundation
import Journal
import Plans
import Runner

extension Console {
    /// What all checks together came to: `3 passed, 1 failed, 1 not run; 2 criteria not machine-checkable`.
    static func summary(of verification: Verification) -> String {
        let words: [(CheckResult.Outcome, String)] = [(.passed, "passed"), (.failed, "failed"), (.notRun, "not run")]
        let counts = words.compactMap { outcome, word in
            let count = verification.checks.count { $0.outcome == outcome }
            return count > 0 ? "\(count) \(word)" : nil
        }
        let checks = counts.isEmpty ? "nothing" : counts.joined(separator: ", ")
        let left = verification.unchecked.count
        return left == 0 ? checks : "\(checks); \(left) \(left == 1 ? "criterion" : "criteria") not machine-checkable"
    }

    /// Says what is going to be checked.
    func printVerifying(_ plan: Plan, _ task: PlanTask?) {
        let what = task.map { "Task \($0.id): \($0.title)" } ?? "\(plan.milestone.heading), end to end"
        print(at: Date(), "Checking " + what)
    }

    /// Says what checks without an agent came to.
    func printEnd(of verification: Verification) {
        let (word, style): (String, TextStyle) =
            switch verification.verdict {
            case .passed: ("PASSED", .green)
            case .failed: ("FAILED", .red)
            case .unchecked: ("UNCHECKED", .yellow)
            }
        print(at: Date(), "", word: word, style: style, rest: " (\(Self.summary(of: verification)))")
        for criterion in verification.unchecked {
            printDetail("Not machine-checkable (line \(criterion.line)): \(criterion.text)")
        }
    }

    /// Says what was done about an attempt whose runner was killed.
    func print(_ reaped: ReapedAttempt) {
        let attempt = reaped.attempt
        let name = "Run \(attempt.runID) (task \(attempt.taskID)) was killed with its runner"
        if let obstacle = reaped.obstacle {
            print(warning: "\(name) and cannot be closed: \(obstacle)")
            return
        }
        let end = attempt.end
        let about = end?.isCostEstimated == true ? "about " : ""
        let cost = end?.costUSD.map { "\(about)$\($0.asMoney)" } ?? "cost unknown"
        let processes = ProcessText.sentence(on: reaped.processes, wasStopped: true) ?? ""
        print(warning: "\(name): closed as interrupted (\(cost)). \(processes)")
    }
}
