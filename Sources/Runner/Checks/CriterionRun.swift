import Plans
import Sandbox
import Synchronization

/// Checks one criterion that a machine can check.
struct CriterionRun<RunClock: Clock>: Sendable where RunClock.Duration == Duration {
    let runner: CheckRunner<RunClock>
    let criterion: PlanTask.Criterion
    let check: CriterionCheck

    /// What a command printed, of either stream its end.
    private struct Printed: Sendable {
        var code: Int32
        var standardOutput: String
        var standardError: String

        /// Both, for a person.
        var all: String {
            [standardOutput.trimmedEnd, standardError.trimmedEnd].filter { !$0.isEmpty }.joined(separator: "\n")
        }
    }

    /// Runs it.
    func run() async -> CheckResult {
        var result = CheckResult(check.kind, text: criterion.text, line: criterion.line, command: check.command)
        let started = runner.clock.now
        do throws(CheckRunner<RunClock>.Obstacle) {
            switch check {
            case .exists(let paths):
                let missing = try await outcome(of: Self.looking(Self.missingScript, paths)).standardOutput.trimmedEnd
                result.settle(missing.isEmpty, "not there: \(missing.replacing("\n", with: ", "))")
            case .isAbsent(let path):
                let code = try await outcome(of: Self.looking("! [ -e \"$1\" ] && ! [ -L \"$1\" ]", [path])).code
                result.settle(code == 0, "\(path) exists")
            case .contains(let path, let text):
                let code = try await outcome(of: Self.looking(Self.containsScript, [path, text])).code
                result.settle(code == 0, code == 3 ? "\(path) is no file" : "\(path) does not contain \"\(text)\"")
            case .succeeds(let command, let expected):
                let printed = try await outcome(of: Self.shell(command))
                result.take(printed.code, printed.all)
                result.settle(Int(printed.code) == expected, Self.words(onCode: printed.code, instead: expected))
            case .outputs(let command, let text, let isExact):
                let printed = try await outcome(of: Self.shell(command))
                result.take(printed.code, printed.all)
                let explanation = Self.mismatch(printed, text, isExact: isExact)
                result.settle(explanation == nil, explanation ?? "")
            }
            result.seconds = started.duration(to: runner.clock.now).inSeconds
        } catch {
            result.end(by: error, limit: runner.timeLimit, output: "", after: started.duration(to: runner.clock.now))
        }
        return result
    }

    private static var missingScript: String {
        "for path in \"$@\"; do [ -e \"$path\" ] || printf '%s\\n' \"$path\"; done"
    }

    private static var containsScript: String { "[ -f \"$1\" ] || exit 3; grep -qF -e \"$2\" -- \"$1\"" }

    private static func looking(_ script: String, _ arguments: [String]) -> [String] {
        ["sh", "-c", script, "sh"] + arguments
    }

    private static func shell(_ command: String) -> [String] { ["bash", "--noprofile", "--norc", "-c", command] }

    private static func words(onCode code: Int32, instead expected: Int) -> String {
        let reason = code == 127 ? " (command not found)" : ""
        return "exit code \(code)\(reason)" + (expected == 0 ? "" : " instead of \(expected)")
    }

    /// Why the output is not what it should be, or nil if it is.
    private static func mismatch(_ printed: Printed, _ text: String, isExact: Bool) -> String? {
        let output = printed.standardOutput.replacing("\r\n", with: "\n").trimmed
        let holds = isExact ? output == text.trimmed : output.hasWhole(text)
        guard holds else {
            let shown = output.isEmpty ? "nothing" : "\"\(output.suffix(200))\""
            let ended = printed.code == 0 ? "" : " and ended with \(words(onCode: printed.code, instead: 0))"
            let aside = printed.standardError.hasWhole(text) ? " (it is on standard error)" : ""
            return "it printed \(shown) instead of \"\(text)\"\(ended)\(aside)"
        }
        return printed.code == 0
            ? nil : "it printed the text, but ended with \(words(onCode: printed.code, instead: 0))"
    }

    private func outcome(of arguments: [String]) async throws(CheckRunner<RunClock>.Obstacle) -> Printed {
        let output = Mutex(BoundedTail(limit: 1 << 20))
        let result = try await runner.run(arguments, deadline: runner.deadline) { chunk in
            output.withLock { $0.append(chunk[...]) }
        }
        return Printed(
            code: result.termination.code,
            standardOutput: output.withLock { $0.text },
            standardError: result.standardError
        )
    }
}

extension CheckResult {
    /// Keeps how a command ended and the end of what it printed.
    fileprivate mutating func take(_ code: Int32, _ output: String) {
        exitCode = code
        var tail = BoundedTail(limit: Self.outputLimit)
        tail.append(Array(output.utf8)[...])
        self.output = tail.text
    }

    /// Settles a check, with the reason if it does not hold.
    fileprivate mutating func settle(_ holds: Bool, _ explanation: String) {
        outcome = holds ? .passed : .failed
        self.explanation = holds ? nil : explanation
    }
}

extension CriterionCheck {
    fileprivate var kind: CheckResult.Kind {
        switch self {
        case .exists: .exists
        case .isAbsent: .isAbsent
        case .outputs: .outputs
        case .succeeds: .succeeds
        case .contains: .contains
        }
    }

    fileprivate var command: String? {
        switch self {
        case .outputs(let command, _, _), .succeeds(let command, _): command
        case .exists, .isAbsent, .contains: nil
        }
    }
}

extension String {
    /// Whether a text stands in this one as a whole: where it begins or ends with a letter or a digit, none stands
    /// beside it, so that `42` is not in `1423`.
    func hasWhole(_ text: String) -> Bool {
        var rest = self[...]
        while let place = rest.firstRange(of: text) {
            let before = place.lowerBound == startIndex ? nil : self[index(before: place.lowerBound)]
            let after = place.upperBound == endIndex ? nil : self[place.upperBound]
            if !Self.runOn(before, text.first), !Self.runOn(text.last, after) { return true }
            guard place.lowerBound < endIndex else { return true }
            rest = self[index(after: place.lowerBound)...]
        }
        return false
    }

    private static func runOn(_ left: Character?, _ right: Character?) -> Bool {
        guard let left, let right else { return false }
        return (left.isLetter || left.isNumber) && (right.isLetter || right.isNumber)
    }
}
