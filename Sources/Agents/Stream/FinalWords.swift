/// The texts of one message of the main loop, of which only so much is held as a claim can need.
struct FinalWords: Sendable, Equatable {
    /// The message that they belong to.
    private(set) var messageID: String?

    private static let bound = 1 << 20
    private var texts: [String] = []
    private var bytes = 0

    init(messageID: String? = nil) {
        self.messageID = messageID
    }

    /// Adds a block's text; what lies more than a megabyte back is dropped.
    mutating func append(_ text: String) {
        texts.append(text)
        bytes += text.utf8.count + 1
        guard bytes > 2 * Self.bound, texts.count > 1 else { return }
        var dropped = 0
        while bytes > Self.bound, dropped < texts.count - 1 {
            bytes -= texts[dropped].utf8.count + 1
            dropped += 1
        }
        texts.removeFirst(dropped)
    }

    /// All texts, one per line.
    var text: String { texts.joined(separator: "\n") }
}
