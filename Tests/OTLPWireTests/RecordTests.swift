import Testing

@testable import OTLPWire

@Suite("A record")
struct RecordTests {
    private let store = RecordStore()

    private func draft() -> RecordDraft {
        let start = RecordStart(traceID: Samples.traceID, spanID: SpanID(value: 1), code: 1, time: 1)
        return .span(start, scope: store.scope(InstrumentationScope(name: "s")), in: store)
    }

    /// What the request says of the record.
    private func encoded(_ draft: RecordDraft) throws -> SpanRecord {
        let handle = draft.finish(endTime: 2, in: store)
        let items = RecordEncoder(resource: Resource()).encode([handle])
        store.release([handle])
        let span = try ExportTraceRequest.decode(Array(items.request(0..<1))).first?.scopes.first?.spans.first
        return try #require(span)
    }

    @Test("keeps the last value of a key, whatever its type and length was before")
    func overwriting() throws {
        var draft = draft()
        let limits = RecordLimits()
        draft.set("a", "first", limits, in: store)
        draft.set("b", Int64(1), limits, in: store)
        draft.set("a", Int64(7), limits, in: store)
        draft.set("b", String(repeating: "long ", count: 100), limits, in: store)
        draft.set("c", true, limits, in: store)
        draft.set("a", 0.5, limits, in: store)
        draft.set("b", "", limits, in: store)
        #expect(draft.attributeCount == 3)
        let span = try encoded(draft)
        let values = Dictionary(uniqueKeysWithValues: span.attributes.map { ($0.key, $0.value) })
        #expect(values == ["a": .double(0.5), "b": .string(""), "c": .bool(true)])
    }

    @Test("of many attributes finds each again, and counts what exceeds the limit", arguments: [10, 16, 17, 128, 1000])
    func many(count: Int) throws {
        var draft = draft()
        let limits = RecordLimits(attributes: count)
        for round in 0..<3 {
            for number in 0..<count { draft.set("key.\(number)", "\(round)-\(number)", limits, in: store) }
        }
        draft.set("one too many", Int64(1), limits, in: store)
        draft.set("another", AttributeValue.empty, limits, in: store)
        let span = try encoded(draft)
        #expect(span.droppedAttributes == 2)
        #expect(Set(span.attributes.map(\.key)).count == count && span.attributes.count == count)
        #expect(span.attributes.allSatisfy { $0.value == .string("2-" + $0.key.dropFirst(4)) })
    }

    @Test("whose value grows ten thousand times takes no more memory than a few copies")
    func growing() throws {
        var draft = draft()
        var text = ""
        for _ in 0..<10_000 {
            text += "x"
            draft.set("log", text, RecordLimits(), in: store)
        }
        var bytes = 0
        var rest: Extent? = draft.head
        while let extent = rest {
            bytes += extent.size
            rest = extent.next
        }
        #expect(bytes < 200_000)
        #expect(try encoded(draft).attributes == [Attribute(key: "log", value: .string(text))])
    }

    @Test("cuts texts by characters and byte strings by bytes, in arrays and maps too, and counts no drop for it")
    func valueLength() throws {
        var draft = draft()
        let limits = RecordLimits(valueLength: 2)
        draft.set("text", "👩‍🚀é漢x", limits, in: store)
        draft.set("bytes", .bytes([1, 2, 3]), limits, in: store)
        draft.set(
            "array",
            .array([.string("abc"), .map([Attribute(key: "long key", value: .string("abc"))])]),
            limits,
            in: store
        )
        let span = try encoded(draft)
        #expect(
            span.attributes.map(\.value) == [
                .string("👩‍🚀é"), .bytes([1, 2]),
                .array([.string("ab"), .map([Attribute(key: "long key", value: .string("ab"))])]),
            ]
        )
        #expect(span.droppedAttributes == 0)
    }

    @Test("gives back what it was given, over several extents")
    func reading() throws {
        var random = RandomValues(seed: 5)
        for _ in 0..<300 {
            let span = random.span()
            let handle = RecordDraft.finished(span, scope: store.scope(InstrumentationScope(name: "s")), in: store)
            #expect(RecordReader(handle.extent).span == span)
            let log = random.log()
            let other = RecordDraft.finished(log, scope: store.scope(InstrumentationScope(name: "s")), in: store)
            #expect(RecordReader(other.extent).log == log)
            store.release([handle, other])
        }
    }

    @Test("never needs more bytes on the wire than its size promises")
    func upperBound() throws {
        var random = RandomValues(seed: 9)
        let scope = store.scope(InstrumentationScope(name: ""))
        let resource = Resource().encoded()
        var tightest = 1.0
        for number in 0..<2000 {
            var span = random.span()
            // Many tiny values are the worst that there is: tags and lengths are all of them.
            if number % 4 == 0 {
                span.attributes = [Attribute(key: "", value: .array(Array(repeating: .empty, count: number)))]
            }
            let handle = RecordDraft.finished(span, scope: scope, in: store)
            let items = RecordEncoder(resource: resource).encode([handle])
            let bound = RecordEncoder.upperBound(handle.extent)
            #expect(items.requestSize(0..<1) - resource.prefix.count - scope.prefix.count - 12 <= bound)
            tightest = min(tightest, Double(bound - items.requestSize(0..<1)) / Double(bound))
            store.release([handle])
        }
        // The bound is real: some come near, and none that is random reaches it.
        #expect(tightest > 0.02 && tightest < 0.5)
    }

    @Test("that was released gives its memory to the next one")
    func reuse() {
        let scope = store.scope(InstrumentationScope(name: "s"))
        let span = Samples.fullSpan
        var places: Set<RecordHandle> = []
        for _ in 0..<100 {
            let handle = RecordDraft.finished(span, scope: scope, in: store)
            places.insert(handle)
            store.release([handle])
        }
        #expect(places.count == 1)
    }
}
