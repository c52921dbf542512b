import Foundation
import Plans
import Runner

/// An outcome as JUnit XML, in the form that CI servers read: one suite for the plan, a test case for the task and for each
/// check, and a skipped one for each criterion that no machine can check.
struct JUnitReport: Sendable {
    private struct TestCase: Sendable {
        enum Outcome: Sendable {
            case passed
            case failed(type: String, message: String, details: String)
            case skipped(message: String)
        }

        var name: String
        var className: String
        var seconds: Double
        var outcome: Outcome
    }

    private let suite: String
    private let seconds: Double
    private let time: Date
    private let cases: [TestCase]

    /// The report of an attempt.
    init(_ result: TaskResult) {
        suite = result.planFile
        seconds = result.duration.inSeconds
        time = result.startedAt
        let task = TestCase(
            name: "Task \(result.taskID): \(result.taskTitle)",
            className: result.planFile,
            seconds: seconds,
            outcome: Self.outcome(of: result)
        )
        cases = [task] + Self.cases(result.verification, in: "\(result.planFile).\(result.taskID)")
    }

    /// The report of checks without an agent.
    init(_ verification: Verification, plan: Plan, task: PlanTask?) {
        suite = plan.file
        seconds = verification.checks.reduce(0) { $0 + $1.seconds }
        time = Date()
        cases = Self.cases(verification, in: task.map { "\(plan.file).\($0.id)" } ?? plan.file)
    }

    private static func outcome(of result: TaskResult) -> TestCase.Outcome {
        switch result.status {
        case .completed: .passed
        case .needsHuman: .failed(type: result.cause.rawValue, message: result.question ?? "", details: result.output)
        case .failed: .failed(type: result.cause.rawValue, message: result.error ?? "", details: result.output)
        }
    }

    private static func cases(_ verification: Verification, in className: String) -> [TestCase] {
        let checks = verification.checks.map { check in
            let outcome: TestCase.Outcome =
                switch check.outcome {
                case .passed: .passed
                case .failed:
                    .failed(type: check.kind.rawValue, message: check.explanation ?? "failed", details: check.output)
                case .notRun: .skipped(message: check.explanation ?? "not run")
                }
            return TestCase(
                name: "Line \(check.line): \(check.text)",
                className: className,
                seconds: check.seconds,
                outcome: outcome
            )
        }
        let unchecked = verification.unchecked.map { criterion in
            TestCase(
                name: "Line \(criterion.line): \(criterion.text)",
                className: className,
                seconds: 0,
                outcome: .skipped(message: "not machine-checkable")
            )
        }
        return checks + unchecked
    }

    /// The XML.
    var xml: String {
        let failures = cases.count { if case .failed = $0.outcome { true } else { false } }
        let skipped = cases.count { if case .skipped = $0.outcome { true } else { false } }
        let counts = "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"0\" skipped=\"\(skipped)\""
        let head = "name=\"\(XMLText.escaped(suite))\" \(counts) time=\"\(Self.decimal(seconds))\""
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<testsuites \(counts) time=\"\(Self.decimal(seconds))\">",
            "  <testsuite \(head) timestamp=\"\(time.inISO8601)\">",
        ]
        lines += cases.map(Self.element)
        lines += ["  </testsuite>", "</testsuites>", ""]
        return lines.joined(separator: "\n")
    }

    /// Writes it in one step: a reader sees the whole file or none.
    func write(to file: String) throws {
        try Data(xml.utf8).write(to: URL(filePath: file), options: .atomic)
    }

    private static func element(_ test: TestCase) -> String {
        let head =
            "    <testcase name=\"\(XMLText.escaped(test.name))\" classname=\"\(XMLText.escaped(test.className))\" "
            + "time=\"\(decimal(test.seconds))\""
        switch test.outcome {
        case .passed: return head + "/>"
        case .skipped(let message):
            return head + "><skipped message=\"\(XMLText.escaped(message))\"/></testcase>"
        case .failed(let type, let message, let details):
            let attributes = "type=\"\(XMLText.escaped(type))\" message=\"\(XMLText.escaped(message))\""
            return head + "><failure \(attributes)>\(XMLText.escaped(details))</failure></testcase>"
        }
    }

    private static func decimal(_ seconds: Double) -> String { Console.decimal(max(0, seconds), places: 3) }
}

/// Text for XML 1.0.
enum XMLText {
    /// The text with its markup escaped; characters that XML 1.0 cannot hold (section 2.2) become U+FFFD.
    static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { escaped, scalar in
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\n": escaped += "&#10;"
            case "\t": escaped += "&#9;"
            case "\r": escaped += "&#13;"
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
    }
}
