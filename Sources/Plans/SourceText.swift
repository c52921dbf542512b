/// The bytes of a plan, without byte order mark and with `\n` as the only line end, cut into lines.
///
/// Lines are counted from 0 here; every number that leaves the target is counted from 1.
struct SourceText {
    /// The whole text; may hold broken UTF-8.
    let bytes: [UInt8]
    /// Where each line begins, and one entry more: one past where the line end of the last line is or would be.
    private let starts: [Int]
    /// The number of lines; a line end at the end of the file starts no new line.
    var lineCount: Int { starts.count - 1 }

    init(_ raw: [UInt8]) {
        let normalised = SourceText.normalised(raw)
        var starts = [0]
        starts.reserveCapacity(normalised.reduce(2) { $1 == Byte.newline ? $0 + 1 : $0 })
        for index in normalised.indices where normalised[index] == Byte.newline {
            starts.append(index + 1)
        }
        if starts.last != normalised.count { starts.append(normalised.count + 1) }
        self.bytes = normalised
        self.starts = starts
    }

    /// The bytes of a line without its line end.
    func content(_ line: Int) -> Range<Int> { starts[line]..<(starts[line + 1] - 1) }

    /// The bytes of several lines, with the line ends between them.
    func content(_ lines: Range<Int>) -> Range<Int> {
        lines.isEmpty
            ? starts[lines.lowerBound]..<starts[lines.lowerBound]
            : starts[lines.lowerBound]..<(starts[lines.upperBound] - 1)
    }

    /// The columns of white space before a line's text (a tab goes to the next multiple of four), and where the text is.
    func indentation(_ line: Int) -> (columns: Int, start: Int) {
        let content = content(line)
        var columns = 0
        var index = content.lowerBound
        while index < content.upperBound, bytes[index].isBlank {
            columns = bytes[index] == Byte.tab ? (columns / 4 + 1) * 4 : columns + 1
            index += 1
        }
        return (columns, index)
    }

    /// Whether there is nothing on a line but white space.
    func isBlank(_ line: Int) -> Bool { indentation(line).start == content(line).upperBound }

    /// The range without white space and line ends at either end.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var lower = range.lowerBound
        var upper = range.upperBound
        while lower < upper, bytes[lower].isBlank || bytes[lower] == Byte.newline { lower += 1 }
        while upper > lower, bytes[upper - 1].isBlank || bytes[upper - 1] == Byte.newline { upper -= 1 }
        return lower..<upper
    }

    /// A line's text without the white space around it.
    func text(_ line: Int) -> Range<Int> { trimmed(content(line)) }

    /// The text of a range; broken UTF-8 becomes U+FFFD.
    func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// The index after `length` or more bytes `byte` that start at `start`.
    func end(ofRunOf byte: UInt8, from start: Int, to end: Int) -> Int {
        var index = start
        while index < end, bytes[index] == byte { index += 1 }
        return index
    }

    /// The line that holds a byte.
    func line(containing offset: Int) -> Int {
        var low = 0
        var high = max(lineCount - 1, 0)
        while low < high {
            let middle = (low + high + 1) / 2
            if starts[middle] <= offset { low = middle } else { high = middle - 1 }
        }
        return low
    }

    /// Where the first broken UTF-8 is, nil where there is none.
    var firstBrokenCharacter: Int? {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes.span)
            return nil
        } catch {
            return error.byteOffsets.lowerBound
        }
    }

    private static func normalised(_ raw: [UInt8]) -> [UInt8] {
        let hasMark = raw.starts(with: [0xEF, 0xBB, 0xBF])
        guard hasMark || raw.contains(Byte.carriageReturn) else { return raw }
        var result: [UInt8] = []
        result.reserveCapacity(raw.count)
        var index = hasMark ? 3 : 0
        while index < raw.count {
            let byte = raw[index]
            index += 1
            if byte == Byte.carriageReturn {
                if index < raw.count, raw[index] == Byte.newline { index += 1 }
                result.append(Byte.newline)
            } else {
                result.append(byte)
            }
        }
        return result
    }
}
