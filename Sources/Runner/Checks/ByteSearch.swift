/// Finds a text in bytes, most of which it does not look at (the algorithm of Boyer, Moore and Horspool).
struct ByteSearch: Sendable {
    private let text: [UInt8]
    /// How far to go on when this byte stands where the text would end.
    private let steps: [Int]

    /// - Parameter text: What is looked for; not empty.
    init(_ text: [UInt8]) {
        self.text = text
        var steps = [Int](repeating: text.count, count: 256)
        for (index, byte) in text.dropLast().enumerated() { steps[Int(byte)] = text.count - 1 - index }
        self.steps = steps
    }

    /// Where the text begins for the first time, or nil if it does not occur.
    func first(in bytes: ArraySlice<UInt8>) -> Int? {
        var end = bytes.startIndex + text.count - 1
        while end < bytes.endIndex {
            let start = end - text.count + 1
            if bytes[end] == text[text.count - 1], bytes[start...end].elementsEqual(text) { return start }
            end += steps[Int(bytes[end])]
        }
        return nil
    }
}
