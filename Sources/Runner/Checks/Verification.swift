/// What our own checks found.
package enum Verdict: String, Codable, Sendable {
    /// At least one check was run, and all held.
    case passed
    /// A check failed.
    case failed
    /// There was nothing that we could check.
    case unchecked
}

/// A criterion that no machine can check; it never counts as passed.
package struct UncheckedCriterion: Sendable, Equatable, Codable {
    /// The criterion.
    package var text: String
    /// The plan's line.
    package var line: Int
}

/// All checks of a task, or of a milestone's end-to-end section, with what they came to.
package struct Verification: Sendable, Equatable, Codable {
    /// The checks in the order of the plan's lines.
    package var checks: [CheckResult]
    /// The criteria that were not checked, because no form of the grammar fits them.
    package var unchecked: [UncheckedCriterion]

    package init(checks: [CheckResult] = [], unchecked: [UncheckedCriterion] = []) {
        self.checks = checks
        self.unchecked = unchecked
    }

    /// What they say together.
    package var verdict: Verdict {
        if checks.contains(where: { $0.outcome == .failed }) { return .failed }
        return checks.contains { $0.outcome == .passed } ? .passed : .unchecked
    }

    /// Those that failed.
    package var failures: [CheckResult] { checks.filter { $0.outcome == .failed } }

    /// Which checks contradict a claim, each in a line: what was checked, and what came out.
    var contradiction: String {
        let shown = failures.prefix(3).map { "\($0.shownText): \($0.explanation ?? "failed")" }
        let rest = failures.count > 3 ? ["and \(failures.count - 3) more"] : []
        return (shown + rest).joined(separator: "; ")
    }

    /// What an agent is told of the failures: each with its place in the plan, its command and its output.
    var evidence: String {
        failures.enumerated().map { number, check in
            var lines = ["\(number + 1). Line \(check.line) of the plan: \(check.text)"]
            if let command = check.command, command != check.text { lines.append("   Command: \(command)") }
            lines.append("   Came out: \(check.explanation ?? "failed")")
            if !check.output.isEmpty {
                lines.append("   Output:")
                lines += check.output.suffix(2000).split(separator: "\n", omittingEmptySubsequences: false)
                    .map { "   | \($0)" }
            }
            return lines.joined(separator: "\n")
        }
        .joined(separator: "\n")
    }
}

extension CheckResult {
    /// The check in one line of bounded length.
    package var shownText: String {
        let line = text.split(separator: "\n").first.map(String.init) ?? text
        let isWhole = line.count == text.count && line.count <= 100
        let short = line.prefix(100) + (isWhole ? "" : "…")
        return kind == .command ? "`\(short)`" : String(short)
    }
}
