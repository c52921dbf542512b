/// Reads ids of tasks: `1.1`, `3`, `2.5.1`, `3a.2`, `A.1`, and behind the word Task also `M2-01`, `A`, `T3`.
enum TaskID {
    /// How an id may look.
    enum Form {
        /// Behind the word Task: nearly anything that holds a digit.
        case named
        /// Alone: digits, perhaps with a letter, and dots; so that no word, version or year passes for an id.
        case bare
    }

    /// The end of the id that starts at an index, nil if none does.
    ///
    /// What follows an id must not go on as a word or a range: `1st`, `v2.0`, `1.1-1.3`, `1/5` are no ids.
    static func end(from start: Int, to limit: Int, form: Form, of source: SourceText) -> Int? {
        let bytes = source.bytes
        guard var end = component(from: start, to: limit, isFirst: true, form: form, of: source) else { return nil }
        let startsWithLetter = bytes[start].isLetter
        while end + 1 < limit {
            let isJoint = bytes[end] == Byte.dot || (form == .named && startsWithLetter && bytes[end] == Byte.dash)
            guard isJoint, let next = component(from: end + 1, to: limit, isFirst: false, form: form, of: source)
            else { break }
            end = next
        }
        guard isBoundary(at: end, to: limit, of: source) else { return nil }
        let isLetterAlone = end - start == 1 && startsWithLetter
        if isLetterAlone {
            guard form == .named, end == limit || bytes[end] == Byte.colon || bytes[end] == Byte.closeParenthesis
            else { return nil }
        }
        return end
    }

    private static func component(
        from start: Int,
        to limit: Int,
        isFirst: Bool,
        form: Form,
        of source: SourceText
    ) -> Int? {
        let bytes = source.bytes
        var index = start
        while index < limit, bytes[index].isLetter { index += 1 }
        let letters = index - start
        while index < limit, bytes[index].isDigit { index += 1 }
        let digits = index - start - letters
        if digits > 0, index < limit, bytes[index].isLetter { index += 1 }
        guard index == limit || !bytes[index].isAlphanumeric, index > start else { return nil }
        if digits == 0 {
            let isUppercase = letters == 1 && bytes[start].isUppercase
            return letters == 1 && index - start == 1 && (isUppercase || !isFirst) ? index : nil
        }
        guard digits <= (form == .bare ? 3 : 5) else { return nil }
        return letters <= (form == .bare ? 0 : 3) ? index : nil
    }

    private static func isBoundary(at index: Int, to limit: Int, of source: SourceText) -> Bool {
        guard index < limit else { return true }
        let byte = source.bytes[index]
        if byte == Byte.dash || byte == Byte.slash || source.starts(with: "–", at: index) {
            let next = index + (byte.isBeyondASCII ? 3 : 1)
            return next < limit ? !source.bytes[next].isAlphanumeric && byte != Byte.slash : byte != Byte.slash
        }
        return byte != Byte.underscore && byte != Byte.comma && !byte.isAlphanumeric
    }
}
