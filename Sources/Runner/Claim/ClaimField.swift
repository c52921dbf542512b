/// The labels of an agent's last words.
enum ClaimLabel: String, CaseIterable {
    case status = "STATUS"
    case question = "QUESTION"
    case options = "OPTIONS"
    case recommendation = "RECOMMENDATION"
    case error = "ERROR"

    /// The label that a line starts with, whether it is in capitals, and what follows its colon.
    ///
    /// Marks of lists, quotes, headers, emphasis and code before and around the label are passed over.
    static func atStart(of line: Substring) -> (label: ClaimLabel, isInCapitals: Bool, rest: Substring)? {
        let text = line.drop { $0.isWhitespace || "-*>#_`•".contains($0) }
        for label in allCases {
            guard text.count >= label.rawValue.count else { continue }
            let word = text.prefix(label.rawValue.count)
            guard word.uppercased() == label.rawValue else { continue }
            let marks = text.dropFirst(word.count).drop { "*_` ".contains($0) }
            guard marks.first == ":" else { continue }
            let rest = marks.dropFirst().drop { "*_` ".contains($0) }
            return (label, word == label.rawValue, rest)
        }
        return nil
    }
}

/// One labelled field: its label, and its text up to the next label.
struct ClaimField: Equatable {
    var label: ClaimLabel
    /// Whether the label was written in capitals.
    var isInCapitals: Bool
    var text: String

    /// All fields of a text, in order.
    static func fields(in text: String) -> [ClaimField] {
        var fields: [ClaimField] = []
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            if let (label, isInCapitals, rest) = ClaimLabel.atStart(of: line) {
                fields.append(ClaimField(label: label, isInCapitals: isInCapitals, text: ""))
                append(rest, to: &fields)
            } else if !fields.isEmpty {
                fields[fields.count - 1].text += "\n"
                append(line, to: &fields)
            }
        }
        return fields.map { ClaimField(label: $0.label, isInCapitals: $0.isInCapitals, text: tidied($0.text)) }
    }

    /// Adds a line's text to the last field, and begins new fields at labels in capitals within it.
    private static func append(_ line: Substring, to fields: inout [ClaimField]) {
        var rest = line
        while let (label, range) = nextInnerLabel(in: rest) {
            fields[fields.count - 1].text += rest[..<range.lowerBound]
            fields.append(ClaimField(label: label, isInCapitals: true, text: ""))
            rest = rest[range.upperBound...]
        }
        fields[fields.count - 1].text += rest
    }

    /// The first of the labels other than STATUS that stands in capitals after white space, with its colon.
    private static func nextInnerLabel(in line: Substring) -> (ClaimLabel, Range<Substring.Index>)? {
        var first: (ClaimLabel, Range<Substring.Index>)?
        for label in ClaimLabel.allCases where label != .status {
            for mark in ["", "**"] {
                guard let range = line.firstRange(of: " \(mark)\(label.rawValue):") else { continue }
                if let found = first, found.1.lowerBound <= range.lowerBound { continue }
                first = (label, range)
            }
        }
        return first
    }

    /// The text without white space, emphasis and lone code fences around it.
    private static func tidied(_ text: String) -> String {
        var lines = text.trimmed.split(separator: "\n", omittingEmptySubsequences: false)
        let fences = lines.indices.filter { lines[$0].drop(while: \.isWhitespace).hasPrefix("```") }
        if fences.count % 2 == 1, let last = fences.last { lines.removeSubrange(last...) }
        var tidied = lines.joined(separator: "\n").trimmed
        for mark in ["**", "`"] where tidied.hasSuffix(mark) && tidied.dropLast(mark.count).firstRange(of: mark) == nil
        {
            tidied = String(tidied.dropLast(mark.count)).trimmed
        }
        return tidied
    }
}

extension StringProtocol {
    /// Without white space and newlines at both ends.
    var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text = text.dropFirst() }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}
