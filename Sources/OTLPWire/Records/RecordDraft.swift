#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A record that is being written; its owner sees to it that one thread at a time does.
///
/// Setters copy bytes into the record's memory and allocate nothing but further extents.
///
/// Unchecked, because what it points to lives in its store, and the owner's lock (that of a span, for one) orders all access.
@safe package struct RecordDraft: @unchecked Sendable {
    /// An entry larger than this is not taken; protobuf ends at 2 GiB.
    static let largestEntry = 1 << 29

    let head: Extent
    var tail: Extent
    private let kind: Extent.Kind
    private let isDurable: Bool
    /// Finds attributes by key; nil while there are few.
    private var index: KeyIndex?

    package static func span(_ start: RecordStart, scope: RecordScope, in store: RecordStore) -> RecordDraft {
        RecordDraft(.span, start, scope: scope, in: store)
    }

    package static func log(_ start: RecordStart, scope: RecordScope, in store: RecordStore) -> RecordDraft {
        RecordDraft(.log, start, scope: scope, in: store)
    }

    init(_ kind: Extent.Kind, _ start: RecordStart, scope: RecordScope, in store: RecordStore) {
        self.kind = kind
        isDurable = store.isDurable
        head = store.begin(kind, atLeast: Extent.smallestSize)
        tail = head
        RecordHead(head).begin(start, scope: scope)
        head.state = .open
    }

    /// Ends the record; its memory may be read by any thread from now on, and must not be written.
    package func finish(endTime: UInt64, in store: RecordStore) -> RecordHandle {
        if kind == .span { RecordHead(head).endTime = endTime }
        if isDurable {
            var rest = head.next
            while let extent = rest {
                extent.checksum = RecordChecksum.of(extent)
                rest = extent.next
            }
            head.checksum = RecordChecksum.of(head)
        }
        head.state = .ended
        return RecordHandle(base: head.base)
    }

    // MARK: Attributes

    /// How many attributes there are.
    package var attributeCount: Int { Int(RecordHead(head).attributes) }

    package mutating func set(_ key: String, _ value: String, _ limits: RecordLimits, in store: RecordStore) {
        if let length = limits.valueLength, value.utf8.count > length {
            return set(key, AttributeValue.string(value), limits, in: store)
        }
        key.withBytes { key in
            value.withBytes { value in
                write(key, valueSize: 6 + value.count, limits, in: store) { $0.text(.string, value) }
            }
        }
    }

    package mutating func set(_ key: String, _ value: Int64, _ limits: RecordLimits, in store: RecordStore) {
        key.withBytes { key in write(key, valueSize: 9, limits, in: store) { $0.int(value) } }
    }

    package mutating func set(_ key: String, _ value: Double, _ limits: RecordLimits, in store: RecordStore) {
        key.withBytes { key in write(key, valueSize: 9, limits, in: store) { $0.double(value) } }
    }

    package mutating func set(_ key: String, _ value: Bool, _ limits: RecordLimits, in store: RecordStore) {
        key.withBytes { key in write(key, valueSize: 2, limits, in: store) { $0.bool(value) } }
    }

    package mutating func set(_ key: String, _ value: AttributeValue, _ limits: RecordLimits, in store: RecordStore) {
        let value = value.limited(to: limits.valueLength)
        let size = ValueWriter.size(value)
        key.withBytes { key in write(key, valueSize: size, limits, in: store) { $0.value(value) } }
    }

    /// Adds an attribute whose key is known to be new, without limits.
    package mutating func appendAttribute(_ attribute: Attribute, in store: RecordStore) {
        attribute.key.withBytes { key in
            let size = ValueWriter.size(attribute.value)
            append(key, valueSize: size, room: 0, in: store) { $0.value(attribute.value) }
        }
    }

    /// The attributes as values.
    package var attributes: [Attribute] { RecordReader(head).attributes }

    /// Makes these, whose keys are unique, all there are; what stays the same is written in place.
    package mutating func replaceAttributes(_ attributes: [Attribute], in store: RecordStore) {
        for attribute in attributes { set(attribute.key, attribute.value, RecordLimits(attributes: .max), in: store) }
        guard attributeCount > attributes.count else { return }
        let kept = Set(attributes.map(\.key))
        for old in self.attributes where !kept.contains(old.key) {
            old.key.withBytes { key in
                find(key)?.isDead = true
                RecordHead(head).attributes -= 1
            }
        }
    }

    /// Counts attributes that were left out elsewhere.
    package func dropAttributes(_ count: Int) {
        let head = RecordHead(head)
        head.droppedAttributes = UInt32(clamping: Int(head.droppedAttributes) + count)
    }

    // MARK: Memory

    /// Room for an entry of so much content, its last word zeroed; it counts from ``commit(_:)`` on.
    mutating func reserve(
        _ kind: RecordEntry.Kind,
        tag: UInt16 = 0,
        content: Int,
        in store: RecordStore
    ) -> RecordEntry? {
        let size = (RecordEntry.headerSize + content + 7) & ~7
        guard size <= Self.largestEntry else { return nil }
        if tail.size - tail.used < size {
            // Twice what there is, so that the number of extents stays small.
            let wanted = max(Extent.headerSize + size, min(tail.size * 2, 32 << 10))
            tail = store.extend(tail, kind: self.kind, atLeast: wanted)
        }
        let entry = RecordEntry(base: tail.base + tail.used)
        (entry.base + size - 8).storeBytes(of: 0, as: UInt64.self)
        entry.begin(kind, tag: tag, size: size)
        return entry
    }

    func commit(_ entry: RecordEntry) {
        tail.used += entry.size
    }

    private mutating func write(
        _ key: UnsafeBufferPointer<UInt8>,
        valueSize: Int,
        _ limits: RecordLimits,
        in store: RecordStore,
        _ body: (inout ValueWriter) -> Void
    ) {
        guard let old = find(key) else {
            let head = RecordHead(head)
            guard Int(head.attributes) < limits.attributes else {
                head.droppedAttributes &+= 1
                return
            }
            append(key, valueSize: valueSize, room: 0, in: store, body)
            return
        }
        let content = 5 + key.count + valueSize
        if RecordEntry.headerSize + content <= old.size {
            var writer = ValueWriter(old.content + 5 + key.count)
            body(&writer)
            return
        }
        // A value that grows again and again must not fill the memory: each copy gets room to grow.
        append(key, valueSize: valueSize, room: content / 2, in: store, body)
        old.isDead = true
        RecordHead(head).attributes -= 1
    }

    private mutating func append(
        _ key: UnsafeBufferPointer<UInt8>,
        valueSize: Int,
        room: Int,
        in store: RecordStore,
        _ body: (inout ValueWriter) -> Void
    ) {
        let tag = RecordEntry.tag(key)
        guard let entry = reserve(.attribute, tag: tag, content: 5 + key.count + valueSize + room, in: store) else {
            RecordHead(head).droppedAttributes &+= 1
            return
        }
        var writer = ValueWriter(entry.content)
        writer.key(key)
        body(&writer)
        commit(entry)
        RecordHead(head).attributes += 1
        index?.insert(entry)
    }

    private mutating func find(_ key: UnsafeBufferPointer<UInt8>) -> RecordEntry? {
        if let index { return index.find(key) }
        let count = RecordHead(head).attributes
        guard count > 0 else { return nil }
        if count > KeyIndex.threshold {
            let index = KeyIndex(RecordEntries(head))
            self.index = index
            return index.find(key)
        }
        let word = RecordEntry.firstWord(RecordEntry.tag(key))
        for entry in RecordEntries(head) where entry.isAttribute(key, first: word) { return entry }
        return nil
    }
}
