import Synchronization

/// The memory of open and finished records: written by the setters of spans and log records, read by the encoder.
///
/// Memory that records gave back is used again; nothing but a large record's own memory leaves the store before its end.
package final class RecordStore: Sendable {
    private struct State {
        var given: RecordRegions?
        var heap: RecordRegions
        var nextID: UInt64 = 1
        var inUse = 0
        var fallbacks = 0
        var scopes: [InstrumentationScope: RecordScope] = [:]
    }

    private static let firstHeapRegion = 64 << 10
    private static let largestHeapRegion = 256 << 10
    /// Larger extents are not kept for later.
    private static let largestShared = 32 << 10

    private let state: Mutex<State>
    private let heap: HeapRegions

    /// Whether the memory outlives the process, so that a record has to make sense at each moment.
    package let isDurable: Bool

    /// - Parameter memory: Nil takes the heap.
    package init(memory: (any RecordMemory)? = nil) {
        let heap = HeapRegions(first: Self.firstHeapRegion, largest: Self.largestHeapRegion)
        self.heap = heap
        isDurable = memory != nil
        state = Mutex(
            State(
                given: memory.map { memory in
                    RecordRegions(place: .given) { memory.makeRegion(atLeast: $0) }
                },
                heap: RecordRegions(place: .heap) { heap.makeRegion(atLeast: $0) }
            )
        )
    }

    /// Records that did not fit into the given memory and so do not outlive the process.
    package var fallbacks: Int { state.withLock { $0.fallbacks } }

    /// Whether all records were released; scopes do not count.
    package var isEmpty: Bool { state.withLock { $0.inUse == 0 } }

    /// Registers a scope; in durable memory it is a record of its own.
    package func scope(_ scope: InstrumentationScope) -> RecordScope {
        let (registered, isNew) = state.withLock { state in
            if let known = state.scopes[scope] { return (known, false) }
            let new = RecordScope(scope, id: UInt32(truncatingIfNeeded: state.scopes.count + 1))
            state.scopes[scope] = new
            return (new, true)
        }
        if isNew && isDurable { writeScope(registered) }
        return registered
    }

    /// The memory of finished records is free again: they were delivered, spooled or dropped.
    package func release(_ records: [RecordHandle]) {
        state.withLock { state in
            for record in records {
                Self.giveBack(record.extent, &state)
                state.inUse -= 1
            }
        }
    }

    /// The memory of one finished record is free again.
    package func release(_ record: RecordHandle) {
        state.withLock { Self.giveBack(record.extent, &$0) }
    }

    /// The memory of a record that nobody ended.
    package func abandon(_ draft: RecordDraft) {
        state.withLock { state in
            Self.giveBack(draft.head, &state)
            state.inUse -= 1
        }
    }

    /// The first extent of a new record.
    func begin(_ kind: Extent.Kind, atLeast bytes: Int) -> Extent {
        let (extent, id) = state.withLock { state in
            if kind != .scope { state.inUse += 1 }
            let id = state.nextID
            state.nextID += 1
            let extent = Self.take(bytes, &state)
            if isDurable && extent.place != .given { state.fallbacks += 1 }
            return (extent, id)
        }
        extent.begin(id: id, index: 0, kind: kind, used: RecordHead.size)
        return extent
    }

    /// Another extent for the record that ends with `tail`.
    func extend(_ tail: Extent, kind: Extent.Kind, atLeast bytes: Int) -> Extent {
        let extent = state.withLock { Self.take(bytes, &$0) }
        extent.begin(id: tail.id, index: tail.index &+ 1, kind: kind, used: Extent.headerSize)
        extent.state = .open
        tail.next = extent
        return extent
    }

    private static func take(_ bytes: Int, _ state: inout State) -> Extent {
        let step = RecordRegions.step(for: bytes)
        if let extent = state.given?.take(step: step) { return extent }
        let size = Extent.smallestSize << step
        if size <= largestShared, let extent = state.heap.take(step: step) { return extent }
        return HeapRegions.alone(size)
    }

    private static func giveBack(_ head: Extent, _ state: inout State) {
        // The head first: what remains of a chain without it is nobody's.
        var rest: Extent? = head
        while let extent = rest {
            rest = extent.next
            extent.state = .free
            switch extent.place {
            case .given: state.given?.giveBack(extent)
            case .heap: state.heap.giveBack(extent)
            case .alone: extent.base.deallocate()
            }
        }
    }

    private func writeScope(_ scope: RecordScope) {
        var draft = RecordDraft(.scope, RecordStart(time: 0), scope: scope, in: self)
        draft.setText(.name, scope.scope.name, in: self)
        draft.setText(.version, scope.scope.version, in: self)
        draft.setText(.schemaURL, scope.scope.schemaURL, in: self)
        for attribute in scope.scope.attributes { draft.appendAttribute(attribute, in: self) }
        _ = draft.finish(endTime: 0, in: self)
    }
}

/// Regions on the heap, growing from a size that a short process can afford; freed with their store.
final class HeapRegions: Sendable {
    private let state: Mutex<(regions: [UInt], size: Int)>
    private let largest: Int

    init(first: Int, largest: Int) {
        state = Mutex(([], first))
        self.largest = largest
    }

    deinit {
        for address in state.withLock({ $0.regions }) { UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }
    }

    func makeRegion(atLeast bytes: Int) -> UnsafeMutableRawBufferPointer {
        state.withLock { state in
            let region = UnsafeMutableRawBufferPointer.allocate(
                byteCount: max(state.size, bytes),
                alignment: Extent.alignment
            )
            state.size = min(state.size * 2, largest)
            state.regions.append(UInt(bitPattern: region.baseAddress))
            return region
        }
    }

    /// Memory for one extent that is too large to be kept.
    static func alone(_ size: Int) -> Extent {
        let extent = Extent(base: .allocate(byteCount: size, alignment: Extent.alignment))
        extent.format(size: size, place: .alone)
        return extent
    }
}
