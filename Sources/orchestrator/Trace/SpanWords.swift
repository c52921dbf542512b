import OTLPWire

extension SpanRecord {
    /// The text of an attribute, if it has one.
    func text(_ key: String) -> String? {
        attributes.first { $0.key == key }?.value.text
    }

    /// Nanoseconds from its start to its end; zero if the end is not after the start, as clocks may have it.
    var length: UInt64 { endTime > startTime ? endTime - startTime : 0 }

    /// Whether it failed.
    var isError: Bool { status.code == .error }

    /// What went wrong, in a word: the error's type, else what the status says, else `error`; nil if it did not fail.
    var errorWord: String? {
        guard isError else { return nil }
        if let type = text("error.type"), !type.isEmpty { return type }
        return status.message.isEmpty ? "error" : status.message
    }

    /// Whether its parent is of another process, as far as that is known (trace.proto, `SpanFlags`).
    var hasRemoteParent: Bool { flags & 0x300 == 0x300 }
}

extension Attribute {
    /// `key=value`, for a person.
    var words: String { "\(key)=\(value.words)" }
}

extension AttributeValue {
    /// A text as it is, nil for anything else.
    var text: String? { if case .string(let text) = self { text } else { nil } }

    /// The value for a person, in one line.
    var words: String {
        switch self {
        case .empty: ""
        case .string(let text): text
        case .bool(let value): "\(value)"
        case .int(let value): "\(value)"
        case .double(let value): "\(value)"
        case .bytes(let bytes): Console.bytes(bytes.count)
        case .array(let values): "[" + values.map(\.words).joined(separator: ", ") + "]"
        case .map(let members): "{" + members.map(\.words).joined(separator: ", ") + "}"
        }
    }
}
