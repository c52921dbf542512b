/// The entries of a record that was written here, in their order, dead ones too.
struct RecordEntries: Sequence, IteratorProtocol {
    private var extent: Extent?
    private var position: UnsafeMutableRawPointer
    private var end: UnsafeMutableRawPointer

    init(_ head: Extent) {
        extent = head
        position = head.base + RecordHead.size
        end = head.base + head.used
    }

    mutating func next() -> RecordEntry? {
        while position >= end {
            guard let following = extent?.next else { return nil }
            extent = following
            position = following.base + Extent.headerSize
            end = following.base + following.used
        }
        let entry = RecordEntry(base: position)
        position += entry.size
        return entry
    }
}

/// The attributes of a record with many of them, by key: open addressing, at most half full.
final class KeyIndex {
    /// Up to so many attributes a walk is as fast.
    static let threshold = 16

    private var slots: [UnsafeMutableRawPointer?]
    private var count = 0

    init(_ entries: RecordEntries) {
        slots = Array(repeating: nil, count: 64)
        for entry in entries where entry.kind == .attribute && !entry.isDead { insert(entry) }
    }

    func find(_ key: UnsafeBufferPointer<UInt8>) -> RecordEntry? {
        let word = RecordEntry.firstWord(RecordEntry.tag(key))
        var slot = hash(key)
        while let base = slots[slot & (slots.count - 1)] {
            let entry = RecordEntry(base: base)
            if entry.isAttribute(key, first: word) { return entry }
            slot += 1
        }
        return nil
    }

    /// Dead entries stay in their slots, as the end of a search would otherwise come too early.
    func insert(_ entry: RecordEntry) {
        if count * 2 >= slots.count { grow() }
        var slot = hash(key(of: entry)) & (slots.count - 1)
        while slots[slot] != nil { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = entry.base
        count += 1
    }

    private func grow() {
        let live = slots.compactMap { $0.map(RecordEntry.init) }.filter { !$0.isDead }
        slots = Array(repeating: nil, count: max(64, (live.count * 4).nextPowerOfTwo))
        count = 0
        for entry in live { insert(entry) }
    }

    private func key(of entry: RecordEntry) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(
            start: UnsafePointer((entry.content + 4).assumingMemoryBound(to: UInt8.self)),
            count: Int(entry.content.load(as: UInt32.self))
        )
    }

    private func hash(_ key: UnsafeBufferPointer<UInt8>) -> Int {
        var hash = RecordChecksum.fold(UInt64(truncatingIfNeeded: key.count))
        for byte in key { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int(truncatingIfNeeded: RecordChecksum.fold(hash) >> 1)
    }
}

extension Int {
    fileprivate var nextPowerOfTwo: Int { self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}
