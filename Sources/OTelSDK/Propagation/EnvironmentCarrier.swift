public import Instrumentation

/// Carries context in environment variables, for a child process or from a parent's (context/env-carriers.md).
///
/// Keys become `TRACEPARENT`, `TRACESTATE` and `BAGGAGE`. It works on a dictionary: put it into a copy of the
/// environment for each child.
public struct EnvironmentCarrier: Extractor, Injector {
    /// Makes the carrier; it holds nothing.
    public init() {}

    /// The variable's value.
    public func extract(key: String, from carrier: [String: String]) -> String? {
        carrier[Self.variableName(key)]
    }

    /// Sets the variable.
    public func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) {
        carrier[Self.variableName(key)] = value
    }

    /// ASCII letters in upper case, `_` for all else but digits, `_` in front of a leading digit, `_` for an empty key.
    static func variableName(_ key: String) -> String {
        var name: [UInt8] = key.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 32
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
            default: UInt8(ascii: "_")
            }
        }
        if name.isEmpty || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(name[0]) {
            name.insert(UInt8(ascii: "_"), at: 0)
        }
        return String(decoding: name, as: UTF8.self)
    }
}
