import COTLP

extension TraceID {
    /// Sixteen bytes, big-endian.
    func wire(_ arena: inout MessageArena) -> ProtobufCBinaryData {
        let data = arena.allocate(UInt64.self, count: 2)
        data[0] = high.bigEndian
        data[1] = low.bigEndian
        return ProtobufCBinaryData(len: 16, data: UnsafeMutableRawPointer(data).assumingMemoryBound(to: UInt8.self))
    }
}

extension SpanID {
    /// Eight bytes, big-endian.
    func wire(_ arena: inout MessageArena) -> ProtobufCBinaryData {
        let data = arena.allocate(UInt64.self, count: 1)
        data[0] = value.bigEndian
        return ProtobufCBinaryData(len: 8, data: UnsafeMutableRawPointer(data).assumingMemoryBound(to: UInt8.self))
    }
}
