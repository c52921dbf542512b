/// What a plan describes.
package struct Milestone: Sendable, Equatable {
    /// `M2` out of `# Milestone 2: …` and `# M2 …`, else the name of the file without folder and extension.
    package let id: String
    /// The text of the first `#` header, without `Milestone 2:` before it; else the id.
    package let title: String
    /// The text of the first `#` header as it stands; else the id.
    package let heading: String

    package init(id: String, title: String, heading: String? = nil) {
        self.id = id
        self.title = title
        self.heading = heading ?? title
    }

    /// Reads the first header of level 1; `heading` is nil where there is none.
    init(heading: Heading?, file: String, of source: SourceText) {
        let stem = Milestone.stem(of: file)
        guard let heading else {
            self.init(id: stem, title: stem)
            return
        }
        let whole = InlineText.title(heading.text, of: source)
        guard let end = Milestone.numberEnd(in: heading.text, of: source) else {
            self.init(id: stem, title: whole.isEmpty ? stem : whole)
            return
        }
        let number = source.bytes[heading.text.lowerBound..<end].drop { !$0.isDigit }
        let title = InlineText.title(end..<heading.text.upperBound, of: source)
        self.init(
            id: "M" + String(decoding: number, as: UTF8.self),
            title: title.isEmpty ? whole : title,
            heading: whole
        )
    }

    /// The end of `Milestone 2`, `Milestone M2`, `M2` or `M4.5` at the start of a header.
    private static func numberEnd(in text: Range<Int>, of source: SourceText) -> Int? {
        let bytes = source.bytes
        var index = text.lowerBound
        while index < text.upperBound, !bytes[index].isAlphanumeric { index += 1 }
        let word = bytes[index..<min(text.upperBound, index + 9)].map(\.lowercase)
        if word == Array("milestone".utf8) {
            index += 9
            while index < text.upperBound, bytes[index].isBlank || bytes[index] == Byte.hash { index += 1 }
        } else if word.first != UInt8(ascii: "m") {
            return nil
        }
        if index < text.upperBound, bytes[index].lowercase == UInt8(ascii: "m") { index += 1 }
        guard index < text.upperBound, bytes[index].isDigit else { return nil }
        while index < text.upperBound,
            bytes[index].isAlphanumeric
                || bytes[index] == Byte.dot && index + 1 < text.upperBound && bytes[index + 1].isAlphanumeric
        {
            index += 1
        }
        return index
    }

    /// The name of a file without folders and its last extension.
    static func stem(of file: String) -> String {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
        return String(name[..<dot])
    }
}
