/// What one check of ours came to.
package struct CheckResult: Sendable, Equatable, Codable {
    /// What kind of check it is (`check.kind`).
    package enum Kind: String, Sendable, Codable {
        /// A command of a Verify or end-to-end block.
        case command
        /// A file or directory is there.
        case exists
        /// A file or directory is not there.
        case isAbsent = "is_absent"
        /// A command prints a text.
        case outputs
        /// A command exits as it should.
        case succeeds
        /// A file contains a text.
        case contains
    }

    /// Whether it held.
    package enum Outcome: String, Sendable, Codable {
        case passed
        case failed
        /// It was not run, since one before it in its block failed, or the sandbox could not run it.
        case notRun = "not_run"
    }

    /// What kind of check it is.
    package var kind: Kind
    /// What the plan says: the criterion, or the command.
    package var text: String
    /// The plan's line.
    package var line: Int
    /// The command that was run; nil for a look at a file.
    package var command: String?
    /// Whether it held.
    package var outcome: Outcome
    /// The command's exit code; nil without a command, or where it was ended by us.
    package var exitCode: Int32?
    /// How long it took, in seconds.
    package var seconds: Double
    /// The end of what the command printed, at most ``outputLimit`` bytes.
    package var output: String
    /// Why it failed or was not run; nil if it passed.
    package var explanation: String?

    /// How many bytes of a command's output are kept.
    package static let outputLimit = 8 << 10

    init(
        _ kind: Kind,
        text: String,
        line: Int,
        command: String? = nil,
        outcome: Outcome = .notRun,
        exitCode: Int32? = nil,
        seconds: Double = 0,
        output: String = "",
        explanation: String? = nil
    ) {
        self.kind = kind
        self.text = text
        self.line = line
        self.command = command
        self.outcome = outcome
        self.exitCode = exitCode
        self.seconds = seconds
        self.output = output
        self.explanation = explanation
    }

    private enum CodingKeys: String, CodingKey {
        case kind
        case text
        case line
        case command
        case outcome
        case exitCode = "exit_code"
        case seconds = "duration_seconds"
        case output
        case explanation
    }
}

extension CheckResult {
    /// Encodes it; what is not known is `null`, never absent.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .kind)
        try container.encode(text, forKey: .text)
        try container.encode(line, forKey: .line)
        try container.encode(command, forKey: .command)
        try container.encode(outcome, forKey: .outcome)
        try container.encode(exitCode, forKey: .exitCode)
        try container.encode((seconds * 1000).rounded() / 1000, forKey: .seconds)
        try container.encode(output, forKey: .output)
        try container.encode(explanation, forKey: .explanation)
    }
}

extension CheckResult {
    /// This result without secrets in what was printed and said.
    func redacted(by redact: Redaction) -> CheckResult {
        var result = self
        result.output = redact(output)
        result.explanation = explanation.map(redact)
        return result
    }
}
