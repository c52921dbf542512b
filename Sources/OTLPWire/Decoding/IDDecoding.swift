extension ProtobufReader {
    /// Sixteen bytes; none at all is the zero id, as receivers take it.
    func traceID(_ range: Range<Int>) throws(OTLPWireError) -> TraceID {
        guard range.count == 16 || range.isEmpty else { throw error(.invalidID, at: range.lowerBound) }
        let bytes = array(range)
        return TraceID(high: bigEndian(bytes.prefix(8)), low: bigEndian(bytes.dropFirst(8)))
    }

    /// Eight bytes; none at all is the zero id, as receivers take it.
    func spanID(_ range: Range<Int>) throws(OTLPWireError) -> SpanID {
        guard range.count == 8 || range.isEmpty else { throw error(.invalidID, at: range.lowerBound) }
        return SpanID(value: bigEndian(array(range)[...]))
    }

    private func bigEndian(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { value, byte in value << 8 | UInt64(byte) }
    }
}
