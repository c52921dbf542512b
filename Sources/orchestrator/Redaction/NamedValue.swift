/// The value of a secret's name: `API_KEY=value`, `"api_key": "value"`, the same in JSON in JSON, `x-api-key: value`.
enum NamedValue {
    /// Looks whether the separator at an index, `=` or `:`, stands between such a name and its value.
    static func match(_ text: RedactionText, at separator: Int) -> RedactionMatch {
        guard let before = Name(before: separator, in: text) else { return .none }
        if before.isCookie(in: text.bytes) { return cookies(text, at: separator) }
        guard before.isSecret(in: text.bytes) else { return .none }
        var index = separator + 1
        let isAssignment = text[separator] == UInt8(ascii: "=")
        guard let next = text[index] else { return text.atEnd }
        if isAssignment {
            if next == UInt8(ascii: "=") || next == UInt8(ascii: "~") { return .none }
            if next == UInt8(ascii: ">") { index += 1 }
        }
        guard let blanks = text.count(of: ByteGroup(" \t"), at: index, upTo: 8) else { return .undecided }
        index += blanks
        guard let run = text.count(of: ByteGroup("\\"), at: index, upTo: 16) else { return .undecided }
        guard let opening = text[index + run] else { return text.atEnd }
        if opening == .quote {
            return quoted(text, separator, index + run + 1, backslashes: run, isNameQuoted: before.isQuoted)
        }
        guard run == 0 else { return .none }
        if opening == .apostrophe { return apostrophes(text, separator, index + 1) }
        let isCertain = isAssignment && blanks == 0 && before.blanks == 0
        return before.isQuoted ? .none : bare(text, separator, index, isCertain: isCertain)
    }

    private static func quoted(
        _ text: RedactionText,
        _ start: Int,
        _ value: Int,
        backslashes: Int,
        isNameQuoted: Bool
    ) -> RedactionMatch {
        let depth = backslashes.lowestZeroBit
        guard backslashes == (1 << depth) - 1 else { return .none }
        guard let run = text.count(of: ByteGroup("\\"), at: value, upTo: 16) else { return .undecided }
        guard let byte = text[value + run] else { return text.atEnd }
        if byte == .quote, run.lowestZeroBit <= depth { return .none }
        // The quote may close a string that ends in `token:` instead of opening one.
        let isClosing = run == 0 ? ByteGroup(",}]:\n").contains(byte) : ByteGroup.escapeLetters.contains(byte)
        return isClosing && !isNameQuoted ? .none : secret(start, value, .quoted(depth: depth))
    }

    private static func apostrophes(_ text: RedactionText, _ start: Int, _ value: Int) -> RedactionMatch {
        guard let byte = text[value] else { return text.atEnd }
        return byte == .apostrophe ? .none : secret(start, value, .apostrophes)
    }

    /// A value without quotes; where it may be a piece of a program or of a sentence, only if it looks like a secret.
    private static func bare(_ text: RedactionText, _ start: Int, _ value: Int, isCertain: Bool) -> RedactionMatch {
        guard let byte = text[value] else { return text.atEnd }
        guard ByteGroup.bareValue.contains(byte), !ByteGroup(",)]}([{").contains(byte) else { return .none }
        for scheme in schemes {
            guard let isScheme = text.continues(with: scheme, at: value, ignoringCase: true) else {
                return .undecided
            }
            if isScheme { return .none }
        }
        if !isCertain {
            guard let length = text.count(of: .bareValue, at: value, upTo: 12) else { return .undecided }
            let bytes = text.bytes[value..<value + length]
            guard length == 12 || length >= 6 && bytes.looksRandom, !bytes.contains(UInt8(ascii: "(")) else {
                return .none
            }
        }
        return secret(start, value, .bare)
    }

    /// The header `Cookie: NAME=VALUE; NAME=VALUE`, or `Set-Cookie` with its attributes (RFC 6265, 4): all of its line.
    private static func cookies(_ text: RedactionText, at separator: Int) -> RedactionMatch {
        guard text[separator] == UInt8(ascii: ":") else { return .none }
        guard let blanks = text.count(of: ByteGroup(" \t"), at: separator + 1, upTo: 8) else { return .undecided }
        let value = separator + 1 + blanks
        guard let length = text.count(of: cookieName, at: value, upTo: 128) else { return .undecided }
        guard let byte = text[value + length] else { return text.atEnd }
        guard length > 0, byte == UInt8(ascii: "=") else { return .none }
        return secret(separator, value, .group(cookieLine))
    }

    private static let cookieName = ByteGroup(alphanumericAnd: "!#$%&*+-.^_|~")
    private static let cookieLine = ByteGroup(alphanumericAnd: "!#$%&()*+-./:<=>?@[]^_{|}~;, ")
    private static let schemes = ["bearer ", "basic "].map { Array($0.utf8) }

    private static func secret(_ start: Int, _ value: Int, _ form: SecretRest.Form) -> RedactionMatch {
        .secret(FoundSecret(kind: .namedValue, kept: value - start, length: value - start, rest: SecretRest(form)))
    }

    /// The name before a separator.
    private struct Name {
        var isQuoted = false
        var blanks = 0
        private let range: Range<Int>

        private static let bytes = ByteGroup(alphanumericAnd: "_-.")
        private static let longest = 64

        init?(before separator: Int, in text: RedactionText) {
            var end = separator
            if text[end - 1] == UInt8(ascii: ":") { end -= 1 }
            while blanks < 4, text[end - 1]?.isBlank == true {
                end -= 1
                blanks += 1
            }
            if text[end - 1] == .quote || text[end - 1] == .apostrophe {
                isQuoted = true
                end -= 1
                while separator - end < 24, text[end - 1] == .backslash { end -= 1 }
            }
            var start = end
            while end - start < Self.longest, let byte = text[start - 1], Self.bytes.contains(byte) { start -= 1 }
            guard start < end else { return nil }
            range = start..<end
        }

        func isSecret(in bytes: [UInt8]) -> Bool {
            SecretName.isSecret(bytes, range) || isQuoted && SecretName.isHeader(bytes, range)
        }

        /// Whether it is the name of a header of cookies; a quoted one has a quoted value.
        func isCookie(in bytes: [UInt8]) -> Bool { !isQuoted && SecretName.isCookie(bytes, range) }
    }
}

/// Tells names of secrets from others.
enum SecretName {
    /// Whether a name says that its value is secret: `ANTHROPIC_API_KEY`, `password`, `clientSecret`, `x-auth-token`.
    static func isSecret(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        return isSecret(bytes, bytes.indices)
    }

    /// The same of a name that stands in a text.
    static func isSecret(_ text: [UInt8], _ name: Range<Int>) -> Bool {
        // The last letter alone excludes most names.
        guard !name.isEmpty, lastLetters.contains(text[name.upperBound - 1]) else { return false }
        if ends(text, name, with: publicKey, skippingSeparators: true) { return false }
        return endings.contains { ends(text, name, with: $0, skippingSeparators: true) }
            || partEndings.contains { ends(text, name, with: $0, skippingSeparators: false) }
    }

    /// Whether it is a header that bears a credential, alone or after its scheme.
    static func isHeader(_ text: [UInt8], _ name: Range<Int>) -> Bool {
        ends(text, name, with: authorization, skippingSeparators: false) || isCookie(text, name)
    }

    /// Whether it is `Cookie` or `Set-Cookie`.
    static func isCookie(_ text: [UInt8], _ name: Range<Int>) -> Bool {
        ends(text, name, with: cookie, skippingSeparators: false)
    }

    private static func ends(
        _ text: [UInt8],
        _ name: Range<Int>,
        with ending: [UInt8],
        skippingSeparators: Bool
    ) -> Bool {
        var index = name.upperBound
        for offset in ending.indices.reversed() {
            while skippingSeparators, index > name.lowerBound, separators.contains(text[index - 1]) { index -= 1 }
            guard index > name.lowerBound, text[index - 1].lowercased == ending[offset] else { return false }
            index -= 1
        }
        return true
    }

    private static let lastLetters = ByteGroup("ntdeyslNTDEYSL")
    private static let separators = ByteGroup("_-.")
    private static let publicKey = Array("publickey".utf8)
    private static let authorization = Array("authorization".utf8)
    private static let cookie = Array("cookie".utf8)
    private static let endings = [
        "token", "secret", "password", "passwd", "passphrase", "apikey", "accesskey", "secretkey", "privatekey",
        "authkey", "accountkey", "signingkey", "encryptionkey", "credential", "credentials",
    ]
    .map { Array($0.utf8) }
    private static let partEndings = ["_key", "-key", ".key", "_pass", "-pass", "_pwd"].map { Array($0.utf8) }
}
