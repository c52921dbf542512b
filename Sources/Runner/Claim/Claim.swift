/// What the agent's last words claim: the status that it reports, and the fields that go with it.
///
/// The grammar is that of the prompt, read as leniently as agents write: labels at the start of a line, in any case, bold
/// or in a code fence; of several STATUS lines the last one counts. A field runs up to the next label. Within a
/// labelled line, further labels in capitals are seen too (`QUESTION: … OPTIONS: …`). A line that lists the
/// possibilities (`STATUS: complete | needs_human | failed`) claims nothing.
package struct Claim: Sendable, Equatable {
    /// The status that an agent can report.
    package enum Status: String, Sendable {
        case complete
        case needsHuman = "needs_human"
        case failed
    }

    /// The status, or nil if there is none that we understand.
    package var status: Status?
    /// The question, with needs_human.
    package var question: String?
    /// The answers to choose from, without their marks, with needs_human.
    package var options: [String]?
    /// What the agent would choose, with needs_human.
    package var recommendation: String?
    /// What went wrong, with failed.
    package var error: String?

    package init(
        status: Status? = nil,
        question: String? = nil,
        options: [String]? = nil,
        recommendation: String? = nil,
        error: String? = nil
    ) {
        self.status = status
        self.question = question
        self.options = options
        self.recommendation = recommendation
        self.error = error
    }

    /// Reads the claim out of an agent's last words.
    package init(parsing text: String) {
        self.init()
        var fields: [ClaimLabel: String] = [:]
        for field in ClaimField.fields(in: text) {
            if field.label == .status {
                switch StatusWord(reading: field) {
                case .claimed(let claimed): status = claimed
                case .unintelligible: status = nil
                case .notAClaim: continue
                }
            } else {
                fields[field.label] = field.text
            }
        }
        switch status {
        case .needsHuman:
            question = fields[.question] ?? Self.words(of: text)
            options = fields[.options].map(ClaimOptions.split)
            recommendation = fields[.recommendation]
        case .failed:
            error = fields[.error] ?? Self.words(of: text)
        case .complete, nil:
            break
        }
    }

    /// All of the text but its labelled lines: what stands in for a question or an error that has no label.
    private static func words(of text: String) -> String? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { ClaimLabel.atStart(of: $0) == nil }
        let words = lines.joined(separator: "\n").trimmed
        return words.isEmpty ? nil : words
    }
}

/// What a STATUS field says.
private enum StatusWord {
    case claimed(Claim.Status)
    /// A status in capitals that is none of the three: the last word of the agent, but not one that we understand.
    case unintelligible
    /// A line about something else, such as `Status: 200 OK`, or the list of the possibilities.
    case notAClaim

    init(reading field: ClaimField) {
        let line = field.text.split(separator: "\n").first ?? ""
        let words = line.lowercased().split { !($0.isLetter || $0 == "_") }
        guard !Self.isListOfPossibilities(line, words: words) else {
            self = .notAClaim
            return
        }
        switch words.first {
        case "complete", "completed": self = .claimed(.complete)
        case "failed", "failure": self = .claimed(.failed)
        case "needs_human", "needshuman": self = .claimed(.needsHuman)
        case "needs" where words.dropFirst().first == "human": self = .claimed(.needsHuman)
        default: self = field.isInCapitals ? .unintelligible : .notAClaim
        }
    }

    /// Whether a line repeats the prompt's `complete | needs_human | failed` or `complete, needs_human or failed`.
    private static func isListOfPossibilities(_ line: Substring, words: [Substring]) -> Bool {
        let known: Set<Substring> = ["complete", "completed", "needs_human", "failed"]
        return line.contains("|") || (words.count > 1 && known.isSuperset(of: words.prefix(2)))
    }
}
