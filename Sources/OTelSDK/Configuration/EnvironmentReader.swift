/// Reads single variables by the specification's rules and notes what it cannot use.
///
/// Every method gives nil for a variable that is unset, empty or unusable (specification/configuration/common.md).
struct EnvironmentReader {
    /// What "no limit" becomes where a bound is needed.
    static let noLimit = Duration.seconds(365 * 24 * 3600)

    private let environment: [String: String]

    /// One line for every value that was not used, with the text as the user gave it.
    var warnings: [String] = []

    init(_ environment: [String: String]) {
        self.environment = environment
    }

    func string(_ name: String) -> String? {
        guard let value = environment[name]?.trimmed, !value.isEmpty else { return nil }
        return value
    }

    mutating func bool(_ name: String) -> Bool? {
        guard let value = string(name) else { return nil }
        switch value.lowercased() {
        case "true": return true
        case "false": return false
        default: return refuse(name, value, wanted: "true or false", kept: "false", result: false)
        }
    }

    mutating func count(_ name: String) -> Int? { integer(name, atLeast: 0) }

    mutating func positive(_ name: String) -> Int? { integer(name, atLeast: 1) }

    mutating func milliseconds(_ name: String) -> Duration? { integer(name, atLeast: 0).map { .milliseconds($0) } }

    mutating func positiveMilliseconds(_ name: String) -> Duration? {
        integer(name, atLeast: 1).map { .milliseconds($0) }
    }

    /// Milliseconds, of which 0 means no limit.
    mutating func timeout(_ name: String) -> Duration? {
        milliseconds(name).map { $0 == .zero ? Self.noLimit : min($0, Self.noLimit) }
    }

    private mutating func integer(_ name: String, atLeast least: Int) -> Int? {
        guard let value = string(name) else { return nil }
        guard let number = Int(value), number >= least, number <= Int.max / 1_000_000 else {
            return refuse(name, value, wanted: "a whole number of at least \(least)", kept: "the default", result: nil)
        }
        return number
    }

    /// `k1=v1,k2=v2`, percent-encoded; one broken member discards the whole variable (resource/sdk.md, exporter.md).
    mutating func list(_ name: String, lowercasesKeys: Bool) -> [String: String]? {
        guard let value = string(name) else { return nil }
        guard let pairs = KeyValueList.parse(value) else {
            // The value may hold a token, so it is not repeated.
            warnings.append(
                "\(name) is not of the form key=value,key=value with percent-encoding; all of it is ignored."
            )
            return nil
        }
        var result: [String: String] = [:]
        for (key, value) in pairs {
            result[lowercasesKeys ? key.lowercased() : key] = value
        }
        return result
    }

    /// A list of exporters; `none` stands for no other, and what is not known is left out.
    mutating func exporters(_ name: String) -> [SignalSettings.Exporter]? {
        guard let value = string(name) else { return nil }
        var result: [SignalSettings.Exporter] = []
        for part in value.split(separator: ",").map({ String($0).trimmed.lowercased() }) where part != "none" {
            switch part {
            case "otlp": result.append(.otlp)
            case "console": result.append(.console)
            default: warnings.append("\(name): \"\(part)\" is not known; it is left out (known: otlp, console, none).")
            }
        }
        return result
    }

    mutating func propagators() -> [Propagator]? {
        let name = "OTEL_PROPAGATORS"
        guard let value = string(name) else { return nil }
        var result: [Propagator] = []
        for part in value.split(separator: ",").map({ String($0).trimmed }) where part != "none" {
            if let propagator = Propagator(rawValue: part) {
                if !result.contains(propagator) { result.append(propagator) }
            } else {
                warnings.append(
                    "\(name): \"\(part)\" is not known; it is left out (known: tracecontext, baggage, none)."
                )
            }
        }
        return result
    }

    mutating func sampler() -> Sampler? {
        let name = "OTEL_TRACES_SAMPLER"
        guard let value = string(name) else { return nil }
        switch value {
        case "always_on": return .alwaysOn
        case "always_off": return .alwaysOff
        case "traceidratio": return .traceIDRatio(samplerRatio())
        case "parentbased_always_on": return .parentBased(root: .alwaysOn)
        case "parentbased_always_off": return .parentBased(root: .alwaysOff)
        case "parentbased_traceidratio": return .parentBased(root: .traceIDRatio(samplerRatio()))
        default: return refuse(name, value, wanted: "a known sampler", kept: "the default", result: nil)
        }
    }

    private mutating func samplerRatio() -> Double {
        let name = "OTEL_TRACES_SAMPLER_ARG"
        guard let value = string(name) else { return 1 }
        guard let ratio = Double(value), (0...1).contains(ratio) else {
            return refuse(name, value, wanted: "a number from 0 to 1", kept: "1", result: 1)
        }
        return ratio
    }

    /// Warns where a variable asks for something that exists in the specification and not here.
    mutating func onlySupported(_ name: String, _ supported: [String]) {
        guard let value = string(name), !supported.contains(value.lowercased()) else { return }
        let known = supported.joined(separator: ", ")
        warnings.append("\(name)=\"\(value)\" is not supported; only \(known) is, and is used.")
    }

    /// Warns where a variable is set that has no meaning here.
    mutating func notSupported(_ name: String, because reason: String) {
        guard string(name) != nil else { return }
        warnings.append("\(name) has no effect: \(reason).")
    }

    private mutating func refuse<T>(_ name: String, _ value: String, wanted: String, kept: String, result: T) -> T {
        warnings.append("\(name)=\"\(value)\" is not \(wanted); \(kept) is used.")
        return result
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
