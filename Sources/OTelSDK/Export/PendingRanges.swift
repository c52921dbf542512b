import OTLPWire

/// Which parts of a batch are still to be sent, and how often the collector may refuse one before the rest is given up.
struct PendingRanges {
    /// Not sent yet, the next one last.
    private var unsent: [Range<Int>]

    /// Refused as a whole; their halves may be sent, the longest first.
    private var unreadable: [Range<Int>] = []

    private var refusals = 0
    private var isTaken = false
    private let depth: Int

    /// Bytes that one request may have; shrinks with each request that is too large for the collector.
    private var sizeLimit: Int

    /// The limit under which requests were taken.
    private(set) var provenLimit: Int

    /// What is not worth further requests.
    private(set) var givenUp: [Range<Int>] = []

    init(_ ranges: [Range<Int>], of count: Int, _ sizeLimit: Int) {
        unsent = ranges.reversed()
        self.sizeLimit = sizeLimit
        provenLimit = sizeLimit
        depth = Int.bitWidth - max(0, count - 1).leadingZeroBitCount
    }

    /// So many refusals find two bad items; where nothing is ever taken, none is worth finding.
    private var mayHalve: Bool { refusals <= (isTaken ? 2 * depth : depth) + 5 }

    /// What nobody has refused goes out for longer, if other parts of the batch were taken.
    private var maySend: Bool { isTaken ? refusals <= 4 * depth + 10 : mayHalve }

    /// The next request's items; nil when all is settled.
    mutating func next(in items: EncodedItems) -> Range<Int>? {
        if !mayHalve {
            givenUp += unreadable
            unreadable = []
        }
        if !maySend {
            givenUp += unsent
            unsent = []
        }
        if unsent.isEmpty, !unreadable.isEmpty { unsent = Self.halves(unreadable.removeFirst()).reversed() }
        while let range = unsent.popLast() {
            let size = range.count > 1 ? items.requestSize(range) : 0
            if size <= sizeLimit { return range }
            unsent += Self.halves(range).reversed()
        }
        return nil
    }

    mutating func wasTaken() {
        isTaken = true
        provenLimit = sizeLimit
    }

    mutating func wasRefused() { refusals += 1 }

    /// It would be refused again, and so would others of its size.
    mutating func wasTooLarge(_ range: Range<Int>, bytes: Int) {
        refusals += 1
        sizeLimit = min(sizeLimit, bytes / 2)
        unsent.append(range)
    }

    mutating func wasUnreadable(_ range: Range<Int>) {
        refusals += 1
        unreadable.append(range)
    }

    /// What no request has settled; what was refused as a whole comes in halves, so that no request is sent twice.
    mutating func takeRest(with range: Range<Int>) -> [Range<Int>] {
        defer { (unsent, unreadable) = ([], []) }
        let rest = [range] + unsent.reversed() + unreadable.flatMap(Self.halves)
        return rest.sorted { $0.lowerBound < $1.lowerBound }
    }

    private static func halves(_ range: Range<Int>) -> [Range<Int>] {
        let middle = range.lowerBound + range.count / 2
        return [range.lowerBound..<middle, middle..<range.upperBound]
    }
}
