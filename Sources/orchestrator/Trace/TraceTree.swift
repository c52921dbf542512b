import OTLPWire

/// The spans of a recording as a tree, in the order in which they are shown: each after its parent, siblings by their start.
///
/// A span whose parent is not in the recording stands at the top.
struct TraceTree: Sendable {
    /// A span in its place.
    struct Row: Sendable {
        var recorded: RecordedSpan
        /// 0 at the top.
        var depth: Int
        /// Whether siblings follow, for each level from 1 to its own.
        var continues: [Bool]
        /// Whether its parent is not in the recording: still open, of another process, or lost.
        var isOrphan: Bool
        /// How many rows after it are below it.
        var descendants = 0

        var span: SpanRecord { recorded.span }
    }

    private(set) var rows: [Row] = []
    /// When the first span began, in nanoseconds since 1970.
    let start: UInt64
    /// When the last one ended.
    let end: UInt64

    /// What lies deeper is shown at this depth, as no page is wide enough for it.
    static let maximumDepth = 60

    init(_ recording: TraceRecording) {
        let spans = recording.spans.sorted(by: Self.precedes)
        start = spans.map(\.span.startTime).min() ?? 0
        end = spans.map(\.span.endTime).max() ?? 0
        let known = Set(spans.map(\.span.spanID))
        var children: [SpanID: [RecordedSpan]] = [:]
        var tops: [RecordedSpan] = []
        for recorded in spans {
            if let parent = recorded.span.parentSpanID, known.contains(parent), parent != recorded.span.spanID {
                children[parent, default: []].append(recorded)
            } else {
                tops.append(recorded)
            }
        }
        for top in tops { add(top, isOrphan: top.span.parentSpanID != nil, &children) }
        // Spans that are each other's parents hang below no top: what is not placed yet is.
        for recorded in spans {
            guard let parent = recorded.span.parentSpanID, let siblings = children[parent] else { continue }
            let others = siblings.filter { $0.span.spanID != recorded.span.spanID }
            children[parent] = others.isEmpty ? nil : others
            add(recorded, isOrphan: true, &children)
        }
        countDescendants()
    }

    /// Nanoseconds from the first start to the last end.
    var length: UInt64 { end - start }

    /// How many spans failed.
    var errors: Int { rows.count { $0.span.status.code == .error } }

    /// Adds a span and all below it; without recursion, since others decide how deep it goes.
    private mutating func add(
        _ top: RecordedSpan,
        isOrphan: Bool,
        _ children: inout [SpanID: [RecordedSpan]]
    ) {
        var open = [Row(recorded: top, depth: 0, continues: [], isOrphan: isOrphan)]
        while let row = open.popLast() {
            rows.append(row)
            guard let below = children.removeValue(forKey: row.span.spanID) else { continue }
            let isDeepest = row.depth == Self.maximumDepth
            let isFollowed = isDeepest && row.continues.last == true
            for (index, child) in below.enumerated().reversed() {
                let continues = isDeepest ? Array(row.continues.dropLast()) : row.continues
                open.append(
                    Row(
                        recorded: child,
                        depth: isDeepest ? row.depth : row.depth + 1,
                        continues: continues + [index < below.count - 1 || isFollowed],
                        isOrphan: false
                    )
                )
            }
        }
    }

    private mutating func countDescendants() {
        var ancestors: [Int] = []
        for index in rows.indices {
            while let last = ancestors.last, rows[last].depth >= rows[index].depth { ancestors.removeLast() }
            for ancestor in ancestors { rows[ancestor].descendants += 1 }
            ancestors.append(index)
        }
    }

    private static func precedes(_ one: RecordedSpan, _ other: RecordedSpan) -> Bool {
        if one.span.startTime != other.span.startTime { return one.span.startTime < other.span.startTime }
        // Of two that begin at once the longer one is the outer one.
        if one.span.endTime != other.span.endTime { return one.span.endTime > other.span.endTime }
        return one.span.spanID.value < other.span.spanID.value
    }
}
