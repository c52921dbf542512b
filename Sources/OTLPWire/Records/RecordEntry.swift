/// One thing in a record behind its fixed part: an attribute, an event, a name.
///
/// Eight bytes of header, then the content, in whole words. Offsets in bytes:
///
///     0 kind u8 · 1 dead u8 · 2 tag u16 · 4 size u32 · 8 content
struct RecordEntry {
    static let headerSize = 8

    enum Kind: UInt8 {
        /// A span's name or a log record's event name; the last one counts, as for all texts.
        case name = 1
        case traceState = 2
        case statusMessage = 3
        case attribute = 4
        case event = 5
        case link = 6
        case severityText = 7
        case body = 8
        /// Of a scope, whose name is ``name``.
        case version = 9
        case schemaURL = 10
    }

    let base: UnsafeMutableRawPointer

    var kind: Kind? { Kind(rawValue: base.load(as: UInt8.self)) }

    /// Overwritten by a later entry or removed.
    var isDead: Bool {
        get { base.load(fromByteOffset: 1, as: UInt8.self) != 0 }
        nonmutating set { base.storeBytes(of: newValue ? 1 : 0, toByteOffset: 1, as: UInt8.self) }
    }

    var size: Int { Int(base.load(fromByteOffset: 4, as: UInt32.self)) }

    var content: UnsafeMutableRawPointer { base + Self.headerSize }

    func begin(_ kind: Kind, tag: UInt16 = 0, size: Int) {
        let word = UInt64(kind.rawValue) | UInt64(tag) << 16 | UInt64(UInt32(truncatingIfNeeded: size)) << 32
        base.storeBytes(of: word, as: UInt64.self)
    }

    /// Whether this is the attribute with the key; the tag says no in most cases, without looking further.
    func isAttribute(_ key: UnsafeBufferPointer<UInt8>, first word: UInt32) -> Bool {
        guard base.load(as: UInt32.self) == word else { return false }
        guard Int(content.load(as: UInt32.self)) == key.count else { return false }
        guard let start = key.baseAddress else { return true }
        return memcmp(content + 4, start, key.count) == 0
    }

    /// Length and last byte of a key, which tell most keys apart.
    static func tag(_ key: UnsafeBufferPointer<UInt8>) -> UInt16 {
        UInt16(truncatingIfNeeded: key.count & 0xFF) | UInt16(key.last ?? 0) << 8
    }

    /// The first half of the header of a live attribute with such a tag.
    static func firstWord(_ tag: UInt16) -> UInt32 {
        UInt32(Kind.attribute.rawValue) | UInt32(tag) << 16
    }
}

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif
