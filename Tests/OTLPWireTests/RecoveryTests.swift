import Synchronization
import Testing

@testable import OTLPWire

@Suite("Recovery of a dead process's records")
struct RecoveryTests {
    private let scope = InstrumentationScope(
        name: "lib",
        version: "1",
        schemaURL: "u",
        attributes: [Attribute(key: "k", value: .int(1))]
    )

    private func open(_ store: RecordStore, _ scope: RecordScope, time: UInt64 = 10) -> RecordDraft {
        let start = RecordStart(traceID: Samples.traceID, spanID: SpanID(value: 7), code: 3, time: time)
        var draft = RecordDraft.span(start, scope: scope, in: store)
        draft.setName("open", in: store)
        draft.set("a", "b", RecordLimits(), in: store)
        return draft
    }

    @Test("gives back ended spans and log records as they were, with their scope, and released ones not")
    func ended() {
        let memory = FakeMemory()
        let store = RecordStore(memory: memory)
        let registered = store.scope(scope)
        var random = RandomValues(seed: 1)
        let spans = (0..<200).map { _ in random.span() }
        let logs = (0..<50).map { _ in random.log() }
        let released = RecordDraft.finished(random.span(), scope: registered, in: store)
        for span in spans { _ = RecordDraft.finished(span, scope: registered, in: store) }
        for log in logs { _ = RecordDraft.finished(log, scope: registered, in: store) }
        store.release([released])
        let groups = RecordRecovery.read(memory.regions)
        #expect(groups.count == 1 && groups.first?.scope == scope)
        #expect(groups.first?.spans == spans)
        #expect(groups.first?.logs == logs)
    }

    @Test("ends open spans with an error, at the last time that is known")
    func stillOpen() throws {
        let memory = FakeMemory()
        let store = RecordStore(memory: memory)
        let registered = store.scope(scope)
        var draft = open(store, registered)
        draft.addEvent(SpanRecord.Event(time: 50, name: "e"), RecordLimits(), in: store)
        draft.set("big", String(repeating: "x", count: 5000), RecordLimits(), in: store)
        var fine = open(store, registered)
        fine.setStatus(SpanRecord.Status(code: .ok), in: store)
        store.abandon(open(store, registered))
        let spans = try #require(RecordRecovery.read(memory.regions).first?.spans)
        try #require(spans.count == 2)
        #expect(spans[0].name == "open" && spans[0].kind == .client)
        #expect(spans[0].startTime == 10 && spans[0].endTime == 50)
        #expect(spans[0].status.code == .error && spans[1].status.code == .ok)
        #expect(spans[0].attributes.map(\.key) == ["a", "big", "error.type"])
        #expect(spans[0].attributes.last?.value == .string("process_killed"))
        #expect(RecordRecovery.read(memory.regions, lastChange: 99).first?.spans.first?.endTime == 99)
    }

    @Test("finds a value that was about to be overwritten once")
    func dyingWhileOverwriting() throws {
        let memory = FakeMemory()
        let store = RecordStore(memory: memory)
        var draft = open(store, store.scope(scope))
        draft.set("a", String(repeating: "new", count: 20), RecordLimits(), in: store)
        // As if it had died before it marked the old value.
        for entry in RecordEntries(draft.head) { entry.isDead = false }
        let span = try #require(RecordRecovery.read(memory.regions).first?.spans.first)
        #expect(span.attributes.count == 2 && span.attributes[0].value == .string(String(repeating: "new", count: 20)))
    }

    @Test("A damaged record costs only itself")
    func damage() throws {
        for seed in UInt64(0)..<300 {
            let memory = FakeMemory()
            let store = RecordStore(memory: memory)
            let registered = store.scope(scope)
            var random = RandomValues(seed: seed)
            let spans = (0..<5).map { _ in random.span() }
            let handles = spans.map { RecordDraft.finished($0, scope: registered, in: store) }
            let victim = random.number(5)
            // Anywhere in its first extent, the header included, but not where nothing is read from.
            let place = random.number(handles[victim].extent.used)
            let old = handles[victim].base.load(fromByteOffset: place, as: UInt8.self)
            handles[victim].base.storeBytes(of: old ^ (1 << random.number(8)), toByteOffset: place, as: UInt8.self)
            let found = RecordRecovery.read(memory.regions).flatMap(\.spans)
            let others = spans.enumerated().filter { $0.offset != victim }.map(\.element)
            #expect(others.allSatisfy { found.contains($0) }, "seed \(seed), byte \(place)")
        }
    }

    @Test(
        "Nonsense of every kind gives records or none, and never an end of the process",
        arguments: 0..<8 as Range<UInt64>
    )
    func nonsense(seed: UInt64) throws {
        var random = RandomValues(seed: seed)
        for _ in 0..<60 {
            let memory = FakeMemory()
            let store = RecordStore(memory: memory)
            let registered = store.scope(scope)
            for _ in 0..<10 { _ = RecordDraft.finished(random.span(), scope: registered, in: store) }
            for _ in 0..<10 { _ = open(store, registered) }
            let region = try #require(memory.regions.first)
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: region.count, alignment: 8)
            defer { copy.deallocate() }
            copy.copyMemory(from: region)
            for _ in 0..<random.number(400) { copy[random.number(24_000)] = random.byte() }
            let cut = UnsafeRawBufferPointer(rebasing: copy[..<random.number(copy.count)])
            for group in RecordRecovery.read([cut, UnsafeRawBufferPointer(copy)]) {
                // What comes out can be sent.
                let scoped = ScopedSpans(scope: group.scope, spans: group.spans)
                let items = EncodedItems(resource: Resource(), spans: [scoped])
                #expect(throws: Never.self) { try ExportTraceRequest.decode(Array(items.request(0..<items.count))) }
            }
        }
    }

    @Test("Records that do not fit into the memory go to the heap, and are counted")
    func fallback() {
        let memory = FakeMemory(atMost: 1)
        let store = RecordStore(memory: memory)
        let registered = store.scope(scope)
        let handles = (0..<100).map { _ in RecordDraft.finished(Samples.fullSpan, scope: registered, in: store) }
        #expect(store.fallbacks == 100 + 1 - FakeMemory.regionSize / Extent.smallestSize)
        store.release(handles)
        let before = store.fallbacks
        _ = RecordDraft.finished(Samples.fullSpan, scope: registered, in: store)
        #expect(store.fallbacks == before)
    }
}

/// Memory as a mapped file would be, and nothing else of it.
private final class FakeMemory: RecordMemory {
    static let regionSize = 64 << 10

    private let addresses = Mutex<[(UInt, Int)]>([])
    private let limit: Int

    init(atMost limit: Int = .max) {
        self.limit = limit
    }

    deinit {
        for (address, _) in addresses.withLock({ $0 }) { UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }
    }

    var regions: [UnsafeRawBufferPointer] {
        addresses.withLock { $0 }.map { UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: $0), count: $1) }
    }

    func makeRegion(atLeast bytes: Int) -> UnsafeMutableRawBufferPointer? {
        addresses.withLock { addresses in
            guard addresses.count < limit else { return nil }
            let size = max(Self.regionSize, bytes)
            let region = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 4096)
            region.initializeMemory(as: UInt8.self, repeating: 0)
            addresses.append((UInt(bitPattern: region.baseAddress), size))
            return region
        }
    }
}
