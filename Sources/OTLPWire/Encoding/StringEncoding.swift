import COTLP

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

// How text and bytes get into protobuf-c's structs without losing any.
//
// Strings are `char *` there and end at the first NUL, and in a oneof the empty string is not written if its pointer is
// protobuf-c's own `protobuf_c_empty_string`. So every string is copied into the arena, which gives even the empty one
// a pointer of its own; and a string that holds U+0000 is not given to the struct at all but hung on its message as an
// "unknown field" with the same number, which protobuf-c writes byte for byte. On the wire there is no difference.

extension MessageArena {
    /// The C string for the field `number` of `message`.
    ///
    /// Nil, which protobuf-c skips, if the text holds U+0000 and was added as an unknown field instead.
    mutating func string<Message>(
        _ text: String,
        field number: UInt32,
        of message: UnsafeMutablePointer<Message>
    ) -> UnsafeMutablePointer<CChar>? {
        var text = text
        return text.withUTF8 { utf8 in
            let copy = allocate(CChar.self, count: utf8.count + 1)
            copy[utf8.count] = 0
            guard let source = utf8.baseAddress, !utf8.isEmpty else { return copy }
            guard memchr(source, 0, utf8.count) == nil else {
                addUnknownField(number, utf8, to: message)
                return nil
            }
            UnsafeMutableRawPointer(copy).copyMemory(from: source, byteCount: utf8.count)
            return copy
        }
    }

    /// The C form of a field of type `bytes`.
    mutating func binary(_ bytes: [UInt8]) -> ProtobufCBinaryData {
        ProtobufCBinaryData(len: bytes.count, data: numbers(bytes))
    }

    /// Puts a length-delimited field behind the known ones of a message.
    mutating func addUnknownField<Message>(
        _ number: UInt32,
        _ content: UnsafeBufferPointer<UInt8>,
        to message: UnsafeMutablePointer<Message>
    ) {
        // Every struct of protoc-c begins with its ProtobufCMessage.
        let base = UnsafeMutableRawPointer(message).assumingMemoryBound(to: WireMessage.self)
        let count = Int(base.pointee.n_unknown_fields)
        let fields = allocate(ProtobufCMessageUnknownField.self, count: count + 1)
        if count > 0 { fields.update(from: base.pointee.unknown_fields, count: count) }
        let data = lengthDelimited(content)
        (fields + count).initialize(
            to: ProtobufCMessageUnknownField(
                tag: number,
                wire_type: PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED,
                len: data.count,
                data: data.baseAddress
            )
        )
        base.pointee.unknown_fields = fields
        base.pointee.n_unknown_fields += 1
    }

    /// A varint of the length, then the bytes.
    private mutating func lengthDelimited(_ content: UnsafeBufferPointer<UInt8>) -> UnsafeMutableBufferPointer<UInt8> {
        let room = allocate(UInt8.self, count: content.count + 10)
        var used = 0
        var length = UInt64(content.count)
        while length >= 0x80 {
            room[used] = UInt8(truncatingIfNeeded: length) | 0x80
            length >>= 7
            used += 1
        }
        room[used] = UInt8(truncatingIfNeeded: length)
        used += 1
        for byte in content {
            room[used] = byte
            used += 1
        }
        return UnsafeMutableBufferPointer(start: room, count: used)
    }
}
