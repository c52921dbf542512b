import Synchronization

/// A piece of record memory: a header that can be found and judged without pointers, then entries.
///
/// A record is a chain of extents with one id. What kill -9 leaves in a mapped file is read by ``RecordRecovery``, so
/// every change is made such that the bytes make sense at each moment: an entry is written first and counted in
/// ``used`` afterwards, and ``state`` comes last. Little-endian, offsets in bytes:
///
///     0 magic u32 · 4 size u32 · 8 id u64 · 16 index in the chain u16 · 18 kind u8 · 19 state u8 · 20 used u32
///     24 checksum u64 · 32 next extent (a pointer of this process) u64 · 40 place u8 · 44 size,
///     inverted · 48 content
struct Extent {
    static let magic: UInt32 = 0x3152_544F
    static let headerSize = 48
    /// Extents begin at multiples of it, so that a reader finds the next one behind nonsense.
    static let alignment = 64
    /// Holds a span of eight attributes; larger ones are this doubled.
    static let smallestSize = 1024

    /// What a record is about.
    enum Kind: UInt8 {
        case span = 1
        case log = 2
        case scope = 3
    }

    /// Whether a record counts; the last thing to be written.
    enum State: UInt8 {
        case free = 0
        case open = 1
        case ended = 2
    }

    /// Where the memory came from.
    enum Place: UInt8 {
        case heap = 0
        /// From a ``RecordMemory``.
        case given = 1
        /// Allocated for one record alone, and given back with it.
        case alone = 2
    }

    let base: UnsafeMutableRawPointer

    var size: Int { Int(base.load(fromByteOffset: 4, as: UInt32.self)) }
    var id: UInt64 { base.load(fromByteOffset: 8, as: UInt64.self) }
    var index: UInt16 { base.load(fromByteOffset: 16, as: UInt16.self) }
    var kind: UInt8 { base.load(fromByteOffset: 18, as: UInt8.self) }
    var place: Place { Place(rawValue: base.load(fromByteOffset: 40, as: UInt8.self)) ?? .heap }

    /// The bytes that count, the header among them.
    var used: Int {
        get { Int(base.load(fromByteOffset: 20, as: UInt32.self)) }
        nonmutating set {
            (base + 20).assumingMemoryBound(to: Atomic<UInt32>.self).pointee
                .store(UInt32(truncatingIfNeeded: newValue), ordering: .releasing)
        }
    }

    var state: State {
        get { State(rawValue: base.load(fromByteOffset: 19, as: UInt8.self)) ?? .free }
        nonmutating set {
            (base + 19).assumingMemoryBound(to: Atomic<UInt8>.self).pointee
                .store(newValue.rawValue, ordering: .releasing)
        }
    }

    var checksum: UInt64 {
        get { base.load(fromByteOffset: 24, as: UInt64.self) }
        nonmutating set { base.storeBytes(of: newValue, toByteOffset: 24, as: UInt64.self) }
    }

    var next: Extent? {
        get { base.load(fromByteOffset: 32, as: UnsafeMutableRawPointer?.self).map(Extent.init) }
        nonmutating set { base.storeBytes(of: newValue?.base, toByteOffset: 32, as: UnsafeMutableRawPointer?.self) }
    }

    /// Writes the header of fresh memory.
    func format(size: Int, place: Place) {
        base.storeBytes(of: UInt32(truncatingIfNeeded: size), toByteOffset: 4, as: UInt32.self)
        base.storeBytes(of: 0, toByteOffset: 19, as: UInt8.self)
        base.storeBytes(of: place.rawValue, toByteOffset: 40, as: UInt8.self)
        base.storeBytes(of: ~UInt32(truncatingIfNeeded: size), toByteOffset: 44, as: UInt32.self)
        base.storeBytes(of: Self.magic, toByteOffset: 0, as: UInt32.self)
    }

    /// Makes a free extent part of a record; its state stays free until the caller says otherwise.
    func begin(id: UInt64, index: UInt16, kind: Kind, used: Int) {
        base.storeBytes(of: id, toByteOffset: 8, as: UInt64.self)
        base.storeBytes(of: index, toByteOffset: 16, as: UInt16.self)
        base.storeBytes(of: kind.rawValue, toByteOffset: 18, as: UInt8.self)
        base.storeBytes(of: UInt32(truncatingIfNeeded: used), toByteOffset: 20, as: UInt32.self)
        next = nil
    }
}
