import Foundation

/// Values that are secret wherever they stand: as they are, as a terminal is shown them, and as JSON and JSON in JSON write
/// them.
struct KnownSecrets: Sendable {
    /// Every form of every value, the longest first.
    let forms: [[UInt8]]

    /// What is shorter is not looked for: it would be found in what is no secret.
    static let shortest = 8

    init(_ values: some Sequence<String>) {
        let values = values.filter { $0.utf8.count >= Self.shortest }
        forms = Set(values.flatMap(Self.forms)).map { Array($0.utf8) }.sorted { $0.count > $1.count }
    }

    /// The values of an environment whose names say that they are secret.
    ///
    /// - Parameters:
    ///   - environment: The environment.
    ///   - others: Values that are secret for other reasons.
    init(environment: [String: String], others: [String] = []) {
        let named = environment.filter { SecretName.isSecret($0.key) }.map(\.value)
        let headers = environment["ANTHROPIC_CUSTOM_HEADERS"]?.split(separator: "\n")
            .compactMap { $0.split(separator: ":", maxSplits: 1).last?.trimmingCharacters(in: .whitespaces) }
        self.init(named + (headers ?? []) + others)
    }

    /// Looks whether one of the values begins at an index.
    func match(_ text: RedactionText, at start: Int) -> RedactionMatch {
        for form in forms where form[0] == text[start] {
            guard let isHere = text.continues(with: form, at: start) else { return .undecided }
            guard isHere else { continue }
            guard form.allSatisfy(\.isDigit) else { return .secret(FoundSecret(kind: .knownValue, length: form.count)) }
            // A number of its own, not a piece of one; a number of JSON stays a number.
            guard let next = text[start + form.count] ?? (text.isEnd ? 0 : nil) else { return .undecided }
            if text[start - 1]?.isDigit == true || next.isDigit { continue }
            return .secret(FoundSecret(kind: .knownValue, length: form.count, mark: "0"))
        }
        return .none
    }

    private static func forms(of value: String) -> [String] {
        let json = escaped(value)
        let once = [json, json.replacing("/", with: "\\/"), asciiOnly(json)]
        return [value, TerminalText.harmless(value)] + once + once.map(escaped)
    }

    /// The text inside a string of JSON (RFC 8259, 7).
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { json, scalar in
            switch scalar {
            case "\"", "\\": json += "\\" + String(scalar)
            case "\n": json += "\\n"
            case "\r": json += "\\r"
            case "\t": json += "\\t"
            case let control where control.value < 0x20: json += unicodeEscape(UInt16(control.value))
            default: json.unicodeScalars.append(scalar)
            }
        }
    }

    /// JSON whose other characters are escapes too, as some writers have it.
    private static func asciiOnly(_ json: String) -> String {
        json.unicodeScalars.reduce(into: "") { escaped, scalar in
            if scalar.isASCII {
                escaped.unicodeScalars.append(scalar)
            } else {
                escaped += scalar.utf16.map(unicodeEscape).joined()
            }
        }
    }

    private static func unicodeEscape(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
