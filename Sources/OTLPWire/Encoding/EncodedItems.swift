/// Spans, log records or metrics as bytes, from which requests are cut without encoding anything again.
package struct EncodedItems: Sendable {
    /// Items of one scope, which lie together.
    struct Group: Sendable {
        var items: Range<Int>
        /// See ``RecordScope/prefix``.
        var prefix: [UInt8]
    }

    private let resource: [UInt8]
    /// With one scope the whole request, its header right before the first item; else the items alone.
    private let storage: [UInt8]
    private let wholeStart: Int?
    private let offsets: [Int]
    private let groups: [Group]
    /// Data points in front of each item and in all; empty for spans and log records, which count one each.
    private let points: [Int]

    /// Has `write` add the items in the order of the groups; `bound` is what they need at most, frames included.
    init(
        resource: EncodedResource,
        groups: [Group],
        bound: Int,
        points: [Int] = [],
        write: (inout ItemWriter) -> Void
    ) {
        let isSingle = groups.count == 1
        let headroom =
            isSingle ? 2 * EnvelopeFraming.longestFrame + resource.prefix.count + groups[0].prefix.count : 0
        var offsets = [0]
        var wholeStart: Int?
        // One byte more, as an array of no capacity has no address.
        storage = [UInt8](unsafeUninitializedCapacity: headroom + bound + 1) { buffer, count in
            guard let start = buffer.baseAddress else { return }
            var writer = ItemWriter(start, headroom: headroom, items: groups.last?.items.upperBound ?? 0)
            write(&writer)
            count = writer.count
            offsets = writer.offsets
            precondition(count <= headroom + bound, "\(count - headroom) bytes were packed, not \(bound) at most")
            guard isSingle else { return }
            let header = EnvelopeFraming.header(
                resource: resource.prefix,
                scope: groups[0].prefix,
                itemBytes: count - headroom
            )
            let headerStart = headroom - header.count
            buffer[0..<headerStart].initialize(repeating: 0)
            for (index, byte) in header.enumerated() { buffer[headerStart + index] = byte }
            wholeStart = headerStart
        }
        self.resource = resource.prefix
        self.groups = groups
        self.points = points
        self.offsets = offsets
        self.wholeStart = wholeStart
    }

    /// How many spans, log records or metrics there are.
    package var count: Int { offsets.count - 1 }

    /// How many data points there are; spans and log records count one each.
    package var pointCount: Int { items(in: 0..<count) }

    /// What partial success and the otel.sdk.* metrics count in a range: data points for metrics, else the items.
    package func items(in range: Range<Int>) -> Int {
        points.isEmpty ? range.count : points[range.upperBound] - points[range.lowerBound]
    }

    /// A whole request with these items; no copy if it is everything, of one scope.
    package func request(_ range: Range<Int>) -> ArraySlice<UInt8> {
        if let wholeStart, range == 0..<count { return storage[wholeStart...] }
        let parts = parts(range)
        let content = contentSize(parts)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(EnvelopeFraming.fieldSize(content))
        bytes.append(EnvelopeFraming.resourceTag)
        EnvelopeFraming.appendVarint(content, to: &bytes)
        bytes += resource
        for part in parts {
            bytes.append(EnvelopeFraming.scopeTag)
            EnvelopeFraming.appendVarint(part.prefix.count + part.bytes.count, to: &bytes)
            bytes += part.prefix
            bytes += storage[part.bytes]
        }
        return bytes[...]
    }

    /// Bytes of ``request(_:)``.
    package func requestSize(_ range: Range<Int>) -> Int {
        EnvelopeFraming.fieldSize(contentSize(parts(range)))
    }

    /// Ranges whose requests are no larger than that, in order; a single item that is larger is a range of its own.
    package func split(maximumBytes: Int) -> [Range<Int>] {
        guard count > 0 else { return [] }
        guard requestSize(0..<count) > maximumBytes else { return [0..<count] }
        var ranges: [Range<Int>] = []
        var start = 0
        while start < count {
            // The largest end that fits, by halving: sizes rise with the end.
            var (fits, tooFar) = (start + 1, count + 1)
            while tooFar - fits > 1 {
                let middle = (fits + tooFar) / 2
                if requestSize(start..<middle) <= maximumBytes { fits = middle } else { tooFar = middle }
            }
            ranges.append(start..<fits)
            start = fits
        }
        return ranges
    }

    private func parts(_ range: Range<Int>) -> [(prefix: [UInt8], bytes: Range<Int>)] {
        groups.compactMap { group in
            let items = group.items.clamped(to: range)
            return items.isEmpty ? nil : (group.prefix, offsets[items.lowerBound]..<offsets[items.upperBound])
        }
    }

    private func contentSize(_ parts: [(prefix: [UInt8], bytes: Range<Int>)]) -> Int {
        parts.reduce(resource.count) { $0 + EnvelopeFraming.fieldSize($1.prefix.count + $1.bytes.count) }
    }
}
