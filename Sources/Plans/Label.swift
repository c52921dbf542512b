/// A line such as `**Acceptance Criteria:**` that says what follows it.
struct Label {
    enum Kind {
        case criteria
        /// Success criteria, definition of done: used where a task has no acceptance criteria.
        case success
        case files
        case type
        case description
        /// Depends on, dependencies: may name bare ids.
        case dependsOn
        /// Prerequisites, builds on: also name versions and milestones, so only `Task 1.1` counts.
        case prerequisites
        /// Verify, validation commands, E2E test: commands that check the task stand below.
        case verification
        /// Known, but with no field of its own: implementation notes, branch, estimated time, …
        case known
        case unknown
    }

    enum Form {
        case bold
        case plain
        /// `- **File**: …`, with the columns before the marker.
        case listItem(indent: Int)
        case heading(level: Int)
    }

    let kind: Kind
    let form: Form
    /// The rest of the line, trimmed; empty where the value is a list or a text below.
    let value: Range<Int>

    init(kind: Kind, form: Form, value: Range<Int>) {
        self.kind = kind
        self.form = form
        self.value = value
    }

    /// Reads `**Name:** value`, `**Name**: value`, `**Name**`, `*Name:*`, `Name: value`, each also as a list item.
    ///
    /// Nil if the line is no label. Names that this reader does not know count only in the bold forms with a colon and
    /// outside of lists, for a list item such as `- **Speed:** below 1 s` is as likely a criterion.
    init?(line: Int, of source: SourceText) {
        let bytes = source.bytes
        let content = source.text(line)
        var form = Form.bold
        var start = content.lowerBound
        if let marker = ListMarker(line: line, of: source) {
            guard marker.isChecked == nil else { return nil }
            form = .listItem(indent: marker.indent)
            start = marker.textStart
        }
        while start < content.upperBound, bytes[start].isBeyondASCII || bytes[start].isBlank { start += 1 }
        guard start < content.upperBound else { return nil }
        if bytes[start] == Byte.star || bytes[start] == Byte.underscore {
            self.init(emphasised: start..<content.upperBound, form: form, of: source)
        } else {
            self.init(plain: start..<content.upperBound, form: form, of: source)
        }
    }

    /// Names are short; what is longer is a sentence.
    private static let longestName = 80

    private init?(emphasised text: Range<Int>, form: Form, of source: SourceText) {
        let bytes = source.bytes
        let mark = bytes[text.lowerBound]
        let nameStart = source.end(ofRunOf: mark, from: text.lowerBound, to: min(text.upperBound, text.lowerBound + 4))
        let limit = min(text.upperBound, nameStart + Label.longestName)
        guard var nameEnd = bytes[nameStart..<limit].firstIndex(of: mark) else { return nil }
        let isBold = nameStart - text.lowerBound >= 2
        if isBold, mark == Byte.underscore, nameEnd + 1 < limit, bytes[nameEnd + 1] != mark { return nil }
        var rest = source.end(ofRunOf: mark, from: nameEnd, to: text.upperBound)
        var hasColon = false
        if nameEnd > nameStart, bytes[nameEnd - 1] == Byte.colon {
            hasColon = true
            nameEnd -= 1
        }
        while rest < text.upperBound, bytes[rest] == Byte.colon || bytes[rest].isBlank {
            hasColon = hasColon || bytes[rest] == Byte.colon
            rest += 1
        }
        let kind = LabelName.kind(nameStart..<nameEnd, of: source)
        if !hasColon, rest < text.upperBound || kind == .unknown { return nil }
        if kind == .unknown {
            guard isBold, case .bold = form else { return nil }
        }
        self.init(kind: kind, form: form, value: source.trimmed(rest..<text.upperBound))
    }

    private init?(plain text: Range<Int>, form: Form, of source: SourceText) {
        let bytes = source.bytes
        guard bytes[text.lowerBound].isUppercase else { return nil }
        let limit = min(text.upperBound, text.lowerBound + Label.longestName / 2)
        guard let colon = bytes[text.lowerBound..<limit].firstIndex(of: Byte.colon) else { return nil }
        guard colon + 1 == text.upperBound || bytes[colon + 1].isBlank else { return nil }
        let kind = LabelName.kind(text.lowerBound..<colon, of: source)
        guard kind != .unknown else { return nil }
        let value = source.trimmed((colon + 1)..<text.upperBound)
        // "Validation: inputs are positive" is a sentence.
        if kind == .verification, !value.isEmpty, bytes[value.lowerBound] != Byte.backtick { return nil }
        if case .bold = form {
            self.init(kind: kind, form: .plain, value: value)
        } else {
            self.init(kind: kind, form: form, value: value)
        }
    }

    /// Whether the label is a bold line.
    var isBold: Bool {
        if case .bold = form { true } else { false }
    }
}

/// Which names of labels mean what.
enum LabelName {
    /// The meaning of a name in any case, with emoji, numbers before it (`5. Acceptance Criteria`) and words in
    /// parentheses behind it.
    static func kind(_ range: Range<Int>, of source: SourceText) -> Label.Kind {
        guard range.count <= 120 else { return .unknown }
        var name: [UInt8] = []
        var depth = 0
        for byte in source.bytes[range] {
            if byte == Byte.openParenthesis {
                depth += 1
            } else if byte == Byte.closeParenthesis {
                depth -= 1
            } else if depth > 0 || byte.isDigit && name.isEmpty {
                continue
            } else if byte.isLetter || byte.isDigit {
                name.append(byte.lowercase)
            } else if !byte.isBeyondASCII, let last = name.last, last != Byte.space {
                name.append(Byte.space)
            }
        }
        while name.last == Byte.space { name.removeLast() }
        return kind(String(decoding: name, as: UTF8.self))
    }

    private static func kind(_ name: String) -> Label.Kind {
        switch name {
        case "acceptance criteria", "acceptance criterion", "acceptance", "criteria": .criteria
        case "success criteria", "success criterion", "definition of done", "done when": .success
        case "file", "files", "file s", "new files", "new file", "files modified", "files created", "files changed",
            "modified files", "files affected", "affected files", "files involved", "files touched":
            .files
        case "type", "task type": .type
        case "description": .description
        case "depends on", "depends", "dependencies", "dependency", "blocked by": .dependsOn
        case "prerequisites", "prerequisite", "builds on", "requires": .prerequisites
        case "verify", "verification", "verification commands", "verification steps", "validate", "validation",
            "validation commands", "validation steps", "e2e", "end to end":
            .verification
        case "implementation notes", "implementation", "implementation details", "testing requirements", "testing",
            "tests", "branch", "estimated time", "estimated effort", "estimate", "notes", "priority", "status":
            .known
        default: prefixed(name)
        }
    }

    private static func prefixed(_ name: String) -> Label.Kind {
        if name.hasPrefix("acceptance criteria ") { return .criteria }
        if name.hasPrefix("success criteria ") { return .success }
        if name.hasPrefix("files to ") || name.hasPrefix("file to ") { return .files }
        if name.hasPrefix("e2e ") || name.hasPrefix("end to end ") { return .verification }
        return .unknown
    }
}
