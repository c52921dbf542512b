extension String {
    /// How many columns of a terminal it takes; control characters count as none, so make it harmless before.
    ///
    /// East Asian wide and full-width characters (Unicode Standard Annex 11) and emoji take two; combining marks, variation
    /// selectors and joiners none. Characters that are joined to one picture take what one takes.
    var displayWidth: Int {
        if utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return utf8.count }
        return reduce(0) { $0 + $1.displayWidth }
    }

    /// The text itself if it fits in so many columns, otherwise its beginning and `…`, together no wider.
    func cut(toDisplayWidth width: Int) -> String {
        // No character takes less than a byte, and text may be long: it is not measured further than needed.
        if utf8.count <= width { return self }
        guard width > 0 else { return "" }
        var used = 0
        var fitting = startIndex
        for index in indices {
            let next = used + self[index].displayWidth
            guard next <= width else { return self[..<fitting] + "…" }
            used = next
            if used < width { fitting = self.index(after: index) }
        }
        return self
    }
}

extension Character {
    /// How many columns of a terminal it takes.
    var displayWidth: Int {
        let scalars = unicodeScalars
        if let first = scalars.first, first.isASCII { return first.value >= 0x20 && first.value < 0x7F ? 1 : 0 }
        let widths = scalars.reduce(0) { $0 + $1.displayWidth }
        let isOnePicture = scalars.contains { $0 == "\u{200D}" || $0.properties.isEmojiModifier }
        return isOnePicture ? Swift.min(widths, 2) : widths
    }
}

extension Unicode.Scalar {
    /// How many columns of a terminal it takes by itself.
    fileprivate var displayWidth: Int {
        switch value {
        case ..<0x20, 0x7F..<0xA0: return 0
        case ..<0x300: return value == 0xAD ? 0 : 1
        // The middle and the end of a syllable that is written as Korean letters.
        case 0x1160...0x11FF, 0xD7B0...0xD7FB: return 0
        default: break
        }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .surrogate, .control, .lineSeparator, .paragraphSeparator:
            return 0
        default: break
        }
        return isWide ? 2 : 1
    }

    /// Whether it is wide: the emoji that are drawn as pictures, and what UAX 11 calls W or F besides.
    private var isWide: Bool {
        switch value {
        case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x3247, 0x3250...0xA4C6,
            0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60,
            0xFFE0...0xFFE6, 0x16FE0...0x1B2FB, 0x1F200...0x1F265, 0x20000...0x3FFFD:
            true
        // A flag is made of two of these.
        case 0x1F1E6...0x1F1FF: false
        default: properties.isEmojiPresentation
        }
    }
}
