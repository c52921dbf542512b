/// Replaces secrets by `[redacted]`, in text or in bytes that come in chunks cut anywhere.
///
/// What it knows: given values (``KnownSecrets``), tokens of known shapes (``TokenShape``), credentials in headers and
/// URLs, private keys, and the values of names such as `API_KEY` and `"password"` (``SecretName``). A line that was JSON
/// before is JSON afterwards. Memory is bounded: what a secret begins with is held back until it is decided, at most 1 KiB or
/// the longest known value, and the rest of a long secret is dropped as it comes.
///
/// Not known are secrets after a space (`--password VALUE`), in base64 or percent-encoding, and numbers as values in JSON.
struct Redactor: Sendable {
    /// What takes a secret's place.
    static let mark = "[redacted]"

    /// How many secrets were replaced so far, by kind.
    private(set) var counts: [RedactionKind: Int] = [:]

    private let known: KnownSecrets
    /// Whether anything can begin with two bytes, by their number: most of a text is passed over by this table.
    private let isBeginning: [Bool]
    /// A little of what was decided, then what was not.
    private var buffer: [UInt8] = []
    /// Where the undecided begins.
    private var position = 0
    /// The rest of a secret that is being dropped.
    private var drop: SecretRest?

    /// How many bytes are held back until more has come.
    var held: Int { buffer.count - position }

    /// How much of what was decided is kept, to see what name stands before a value.
    private static let lookBehind = 128

    init(known: KnownSecrets = KnownSecrets([])) {
        self.known = known
        var table = RedactionRule.beginnings
        for form in known.forms { table[Int(form[0]) << 8 | Int(form[1])] = true }
        isBeginning = table
    }

    /// Takes the next chunk, and gives what is decided.
    mutating func append(_ chunk: some Sequence<UInt8>) -> [UInt8] {
        buffer.append(contentsOf: chunk)
        return decide(isEnd: false)
    }

    /// Gives the rest; what is appended next begins anew.
    mutating func finish() -> [UInt8] {
        let rest = decide(isEnd: true)
        buffer.removeAll()
        position = 0
        drop = nil
        return rest
    }

    /// Replaces the secrets of a whole text; not to be called between ``append(_:)`` and ``finish()``.
    mutating func redact(_ text: String) -> String {
        String(decoding: append(text.utf8) + finish(), as: UTF8.self)
    }

    private mutating func decide(isEnd: Bool) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(buffer.count - position)
        scan: while position < buffer.count {
            if var rest = drop {
                position = rest.advance(in: buffer, from: position, isEnd: isEnd)
                drop = rest.isOver ? nil : rest
                if drop == nil { continue }
                break scan
            }
            let start = position
            skipToBeginning(isEnd: isEnd)
            output += buffer[start..<position]
            if position >= buffer.count - (isEnd ? 0 : 1) { break }
            switch match(isEnd: isEnd) {
            case .none:
                output.append(buffer[position])
                position += 1
            case .undecided:
                break scan
            case .secret(let secret):
                output += buffer[position..<position + secret.kept]
                output += secret.mark.utf8
                position += secret.length
                drop = secret.rest
                counts[secret.kind, default: 0] += 1
            }
        }
        let decided = position - Self.lookBehind
        if decided > 0 {
            buffer.removeFirst(decided)
            position -= decided
        }
        return output
    }

    /// Goes on to where a secret can begin by its first two bytes, or to the last byte.
    private mutating func skipToBeginning(isEnd: Bool) {
        let last = buffer.count - 1
        while position < last, !isBeginning[Int(buffer[position]) << 8 | Int(buffer[position + 1])] { position += 1 }
    }

    /// The secret that begins at the present position, the longest if there are several.
    private func match(isEnd: Bool) -> RedactionMatch {
        let text = RedactionText(bytes: buffer, isEnd: isEnd)
        var found = known.match(text, at: position)
        for rule in RedactionRule.byFirstByte[Int(buffer[position])] {
            if case .undecided = found { break }
            let other = rule.match(text, at: position)
            switch (found, other) {
            case (.none, _), (_, .undecided): found = other
            case (.secret(let first), .secret(let second)) where second.length > first.length: found = other
            default: break
            }
        }
        return found
    }
}

/// The kinds of secrets, as a person is told of them.
enum RedactionKind: String, Sendable, CaseIterable {
    case knownValue = "value of an environment variable"
    case token = "token"
    case header = "credential in a header"
    case urlPassword = "password in a URL"
    case privateKey = "private key"
    case namedValue = "value of a secret name"
}

/// What a rule says of a position.
enum RedactionMatch: Sendable {
    /// No secret begins here.
    case none
    /// More bytes are needed to tell.
    case undecided
    /// A secret begins here.
    case secret(FoundSecret)
}

/// A secret that was found.
struct FoundSecret: Sendable {
    var kind: RedactionKind
    /// How many bytes before it are not secret, such as `Bearer `.
    var kept = 0
    /// How many bytes are decided, those before it included.
    var length: Int
    /// How the rest is told from what follows, if there may be more.
    var rest: SecretRest?
    /// What takes its place.
    var mark = Redactor.mark
}
