/// What a dead process left in its record memory.
package enum RecordRecovery {
    /// The records of one scope and signal.
    package struct Group: Sendable {
        package var scope: InstrumentationScope
        package var spans: [SpanRecord] = []
        package var logs: [LogRecord] = []
    }

    /// Reads all regions of one store; never fails, whatever the bytes are, and nonsense costs only its own record.
    ///
    /// Spans that had ended come back as they were. Spans that were open come back ended, with status error and the
    /// attribute `error.type` = `process_killed`; they end at the latest time that they know of, or at `lastChange` if that
    /// is later. Log records that were not finished are left out, as their text may be.
    ///
    /// - Parameters:
    ///   - regions: The raw bytes, in any order.
    ///   - lastChange: When the memory last changed, nanoseconds since 1970: the file's modification time.
    /// - Returns: The groups in the order in which their scopes were registered.
    package static func read(_ regions: [UnsafeRawBufferPointer], lastChange: UInt64 = 0) -> [Group] {
        var chains: [UInt64: [RecoveredExtent]] = [:]
        for region in regions {
            find(in: region) { extent in chains[extent.id, default: []].append(extent) }
        }
        var scopes: [UInt32: InstrumentationScope] = [:]
        var spans: [UInt32: [SpanRecord]] = [:]
        var logs: [UInt32: [LogRecord]] = [:]
        // Ids rise, so that the order is that of the starts.
        for (_, extents) in chains.sorted(by: { $0.key < $1.key }) {
            guard let record = RecoveredRecord(extents) else { continue }
            switch record.kind {
            case .scope: scopes[record.scopeID] = record.reader.scope
            case .span:
                guard var span = record.reader.span, span.traceID.isValid, span.spanID.isValid else { continue }
                if record.isOpen { close(&span, lastChange) }
                spans[record.scopeID, default: []].append(span)
            case .log:
                guard !record.isOpen, let log = record.reader.log else { continue }
                logs[record.scopeID, default: []].append(log)
            }
        }
        return Set(spans.keys).union(logs.keys).sorted().map { id in
            Group(
                scope: scopes[id] ?? InstrumentationScope(name: ""),
                spans: spans[id] ?? [],
                logs: logs[id] ?? []
            )
        }
    }

    private static func close(_ span: inout SpanRecord, _ lastChange: UInt64) {
        let known = span.events.map(\.time).max() ?? 0
        span.endTime = max(span.startTime, known, lastChange)
        if span.status.code != .ok { span.status.code = .error }
        span.attributes.removeAll { $0.key == "error.type" }
        span.attributes.append(Attribute(key: "error.type", value: .string("process_killed")))
    }

    /// Every extent that could be one; behind nonsense the search goes on at the next place where one may begin.
    private static func find(in region: UnsafeRawBufferPointer, _ found: (RecoveredExtent) -> Void) {
        var offset = 0
        while offset + Extent.headerSize <= region.count {
            guard let extent = RecoveredExtent(region, at: offset) else {
                offset += Extent.alignment
                continue
            }
            if extent.state != .free { found(extent) }
            offset += extent.size
        }
    }
}

/// An extent in memory that nobody vouches for.
struct RecoveredExtent {
    let id: UInt64
    let index: UInt16
    let kind: Extent.Kind
    let state: Extent.State
    let size: Int
    let checksum: UInt64
    let used: UnsafeRawBufferPointer

    init?(_ region: UnsafeRawBufferPointer, at offset: Int) {
        func read<Number: BitwiseCopyable>(_ place: Int, _ type: Number.Type) -> Number {
            region.loadUnaligned(fromByteOffset: offset + place, as: type)
        }
        let (size, used) = (Int(read(4, UInt32.self)), Int(read(20, UInt32.self)))
        guard read(0, UInt32.self) == Extent.magic, read(44, UInt32.self) == ~read(4, UInt32.self),
            size >= Extent.smallestSize, size % Extent.alignment == 0,
            size <= region.count - offset, let state = Extent.State(rawValue: read(19, UInt8.self))
        else { return nil }
        self.size = size
        self.state = state
        (id, index, checksum) = (read(8, UInt64.self), read(16, UInt16.self), read(24, UInt64.self))
        let kind = Extent.Kind(rawValue: read(18, UInt8.self))
        let isUsable = kind != nil && used >= Extent.headerSize && used <= size && used % 8 == 0
        guard isUsable || state == .free else { return nil }
        self.kind = kind ?? .span
        self.used = UnsafeRawBufferPointer(rebasing: region[offset..<offset + (isUsable ? used : 0)])
    }
}

/// A chain that may be read: complete and undamaged if it had ended.
struct RecoveredRecord {
    let kind: Extent.Kind
    let isOpen: Bool
    let scopeID: UInt32
    let reader: RecordReader

    init?(_ extents: [RecoveredExtent]) {
        let chain = extents.sorted { $0.index < $1.index }
        guard let head = chain.first, head.index == 0, head.used.count >= RecordHead.size else { return nil }
        guard chain.enumerated().allSatisfy({ $1.index == $0 && $1.kind == head.kind }) else { return nil }
        isOpen = head.state == .open
        guard isOpen || chain.allSatisfy({ $0.checksum == RecordChecksum.of($0.used, id: $0.id, index: $0.index) })
        else { return nil }
        kind = head.kind
        reader = RecordReader(chain.map(\.used))
        scopeID = RecordHeadValues(head.used).scopeID
    }
}
