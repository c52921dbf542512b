/// Reads single variables by the specification's rules and notes what it cannot use.
///
/// Every method gives nil for a variable that is unset, empty or unusable, so that the default holds; what is unusable
/// leaves a line with the text as the user gave it (specification/configuration/common.md).
struct EnvironmentReader {
    /// What "no limit" becomes where a bound is needed.
    static let noLimit = Duration.seconds(365 * 24 * 3600)

    private let environment: [String: String]

    /// One line for every value that was not used.
    private(set) var warnings: [String] = []

    init(_ environment: [String: String]) {
        self.environment = environment
    }

    mutating func warn(_ line: String) {
        warnings.append(line)
    }

    func string(_ name: String) -> String? {
        guard let value = environment[name]?.trimmed, !value.isEmpty else { return nil }
        return value
    }

    /// True is `true` in any case and nothing else; what is neither true nor false is said, and is false.
    mutating func bool(_ name: String) -> Bool? {
        guard let value = string(name) else { return nil }
        switch value.lowercased() {
        case "true": return true
        case "false": return false
        default:
            warn("\(name)=\"\(value)\" is not true or false; false is used.")
            return false
        }
    }

    mutating func integer(_ name: String, atLeast least: Int = 0) -> Int? {
        guard let value = string(name) else { return nil }
        guard let number = Int(value), number >= least, number <= Int.max / 1_000_000 else {
            return refuse(name, value, wanted: "a whole number of at least \(least)")
        }
        return number
    }

    mutating func milliseconds(_ name: String, atLeast least: Int = 0) -> Duration? {
        integer(name, atLeast: least).map { .milliseconds($0) }
    }

    /// Milliseconds, of which 0 means no limit.
    mutating func timeout(_ name: String) -> Duration? {
        milliseconds(name).map { $0 == .zero ? Self.noLimit : min($0, Self.noLimit) }
    }

    /// A share, 0 to 1.
    mutating func ratio(_ name: String) -> Double? {
        guard let value = string(name) else { return nil }
        guard let ratio = Double(value), (0...1).contains(ratio) else {
            return refuse(name, value, wanted: "a number from 0 to 1")
        }
        return ratio
    }

    /// One of the known words, in any case.
    mutating func choice<T>(_ name: String, _ known: KeyValuePairs<String, T>) -> T? {
        guard let value = string(name) else { return nil }
        if let found = known.first(where: { $0.key == value.lowercased() }) { return found.value }
        return refuse(name, value, wanted: "known (\(known.map(\.key).joined(separator: ", ")))")
    }

    /// The same with the words of an enumeration.
    mutating func choice<T: CaseIterable & RawRepresentable>(_ name: String) -> T? where T.RawValue == String {
        guard let value = string(name) else { return nil }
        if let found = T(rawValue: value.lowercased()) { return found }
        return refuse(name, value, wanted: "known (\(T.allCases.map(\.rawValue).joined(separator: ", ")))")
    }

    /// Several of the known words, each once; `none` alone is none of them.
    ///
    /// What is not known is left out and said; where nothing known remains, the variable counts as unset.
    mutating func choices<T: Equatable>(_ name: String, _ known: KeyValuePairs<String, T>) -> [T]? {
        guard let value = string(name) else { return nil }
        let words = value.split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
        if !words.isEmpty, words.allSatisfy({ $0.lowercased() == "none" }) { return [] }
        var result: [T] = []
        for word in words {
            if let found = known.first(where: { $0.key == word.lowercased() })?.value {
                if !result.contains(found) { result.append(found) }
            } else if word.lowercased() == "none" {
                warn("\(name): \"\(word)\" contradicts what else is in the list; it is left out.")
            } else {
                let all = (known.map(\.key) + ["none"]).joined(separator: ", ")
                warn("\(name): \"\(word)\" is not known; it is left out (known: \(all)).")
            }
        }
        return result.isEmpty ? nil : result
    }

    /// `k1=v1,k2=v2`, percent-encoded; one broken member discards the whole variable (resource/sdk.md, exporter.md).
    mutating func pairs(_ name: String, as format: KeyValueList.Format) -> [String: String]? {
        guard let value = string(name) else { return nil }
        guard let pairs = KeyValueList.parse(value, as: format) else {
            // The value may hold a token, so it is not repeated.
            warn("\(name) is not of the form key=value,key=value with percent-encoding; all of it is ignored.")
            return nil
        }
        return Dictionary(pairs.map { ($0.key, $0.value) }) { _, last in last }
    }

    /// Warns where a variable asks for something that exists in the specification and not here.
    mutating func expect(_ name: String, _ supported: String) {
        guard let value = string(name), value.lowercased() != supported else { return }
        warn("\(name)=\"\(value)\" is not supported; \(supported) is used.")
    }

    private mutating func refuse<T>(_ name: String, _ value: String, wanted: String) -> T? {
        warn("\(name)=\"\(value)\" is not \(wanted); the default is used.")
        return nil
    }
}

extension String {
    /// Without spaces and tabs at both ends.
    var trimmed: String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
            return ""
        }
        return String(self[first...last])
    }
}
