/// The argument of a tool call that tells most of it: the command, the file, the pattern, the address.
///
/// Most calls of a fast stream are never shown, so it is looked for when it is shown; only of long arguments at once, so
/// that they are not kept.
struct ToolArgument: Sendable, Equatable {
    /// The members that tell most, the most telling first.
    private static let telling = [
        "command", "file_path", "notebook_path", "pattern", "url", "query", "description", "path", "skill", "prompt",
    ]
    /// What is longer is cut.
    static let bound = 4096

    /// The arguments as JSON, or what tells most of them.
    private let source: String
    private let isJSON: Bool

    /// Takes the arguments, a JSON object; of broken JSON what can be read is taken.
    init(input: String) {
        isJSON = input.utf8.count <= Self.bound
        source = isJSON ? input : Self.argument(in: input)
    }

    /// The text, cut to ``bound`` bytes; empty if nothing tells anything.
    var text: String { isJSON ? Self.argument(in: source) : source }

    /// Whether there may be more of it.
    var isCut: Bool { !isJSON && source.utf8.count >= Self.bound }

    private static func argument(in input: String) -> String {
        var scan = MemberScan(input)
        var found: (rank: Int, text: String)?
        while let member = scan.next() {
            let rank = telling.firstIndex(of: member.name) ?? telling.count
            guard rank < found?.rank ?? Int.max else { continue }
            found = (rank, scan.string(member.value, atMost: bound))
            if rank == 0 { break }
        }
        return found?.text ?? ""
    }
}

/// Walks over the members of a JSON object whose values are strings, without taking in the others (RFC 8259).
private struct MemberScan {
    private let bytes: [UInt8]
    private var index = 0
    private var depth = 0
    private var name: String?
    private var isName = true

    init(_ json: String) { bytes = Array(json.utf8) }

    /// The next member of the outermost object that is a string, its value as a range.
    mutating func next() -> (name: String, value: Range<Int>)? {
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case .quote:
                let range = index..<endOfString()
                index = range.upperBound + 1
                guard depth == 1 else { continue }
                if isName {
                    name = string(range, atMost: 100)
                } else if let name {
                    return (name, range)
                }
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: ":") where depth == 1: isName = false
            case UInt8(ascii: ",") where depth == 1: isName = true
            default: break
            }
        }
        return nil
    }

    /// Where the string ends that begins at the index.
    private func endOfString() -> Int {
        var end = index
        while end < bytes.count, bytes[end] != .quote { end += bytes[end] == .backslash ? 2 : 1 }
        return min(end, bytes.count)
    }

    /// The text of a string, cut to so many bytes.
    func string(_ range: Range<Int>, atMost limit: Int) -> String {
        var text: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound, text.count < limit {
            guard bytes[index] == .backslash, index + 1 < range.upperBound else {
                text.append(bytes[index])
                index += 1
                continue
            }
            index += 2
            switch bytes[index - 1] {
            case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "f"): text.append(.newline)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "u"): text += scalar(&index, in: range).utf8
            case let byte: text.append(byte)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The character that `\u` writes, perhaps with a second one for its lower half.
    private func scalar(_ index: inout Int, in range: Range<Int>) -> String {
        var units: [UInt16] = []
        while units.count < 2, index + 4 <= range.upperBound,
            let unit = UInt16(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
        {
            units.append(unit)
            index += 4
            let goesOn =
                index + 6 <= range.upperBound && bytes[index] == .backslash && bytes[index + 1] == UInt8(ascii: "u")
            guard UTF16.isLeadSurrogate(unit), units.count == 1, goesOn else { break }
            index += 2
        }
        return String(decoding: units, as: UTF16.self)
    }
}
