/// Reads google.rpc.RetryInfo out of google.rpc.Status, as `grpc-status-details-bin` carries it.
///
/// A reader of its own for two small messages: protobuf-c's is not for bytes from the network (see the facts on 1.4.1).
enum RetryInfo {
    private static let typeName = "google.rpc.RetryInfo"

    /// The delay that the server asks for; nil without RetryInfo or for bytes that are no Status.
    static func delay(inStatusDetails bytes: [UInt8]) -> Duration? {
        guard !bytes.isEmpty, let details = fields(bytes[...]) else { return nil }
        for detail in details where detail.number == 3 {
            guard let any = detail.bytes.flatMap(fields) else { continue }
            let type = String(decoding: any.last { $0.number == 1 }?.bytes ?? [], as: UTF8.self)
            guard type.hasSuffix("/" + typeName) else { continue }
            return delay(inRetryInfo: any.last { $0.number == 2 }?.bytes ?? [])
        }
        return nil
    }

    /// RetryInfo{1: Duration{1: seconds, 2: nanos}}; without a delay it asks for none, but allows the retry.
    private static func delay(inRetryInfo bytes: ArraySlice<UInt8>) -> Duration? {
        guard let info = fields(bytes) else { return nil }
        guard let duration = info.last(where: { $0.number == 1 })?.bytes.flatMap(fields) else { return .zero }
        let seconds = Int64(bitPattern: duration.last { $0.number == 1 }?.value ?? 0)
        let nanos = Int64(bitPattern: duration.last { $0.number == 2 }?.value ?? 0)
        guard (0...315_576_000_000).contains(seconds), (0..<1_000_000_000).contains(nanos) else { return .zero }
        return .seconds(seconds) + .nanoseconds(nanos)
    }

    private struct Field {
        var number: UInt64
        var value: UInt64 = 0
        var bytes: ArraySlice<UInt8>?
    }

    /// The top-level fields of a message; nil if the bytes are not the protobuf wire format.
    private static func fields(_ bytes: ArraySlice<UInt8>) -> [Field]? {
        var rest = bytes
        var result: [Field] = []
        while !rest.isEmpty {
            guard let tag = varint(&rest), tag >> 3 > 0 else { return nil }
            var field = Field(number: tag >> 3)
            switch tag & 7 {
            case 0:
                guard let value = varint(&rest) else { return nil }
                field.value = value
            case 1 where rest.count >= 8: rest = rest.dropFirst(8)
            case 5 where rest.count >= 4: rest = rest.dropFirst(4)
            case 2:
                guard let length = varint(&rest), length <= UInt64(rest.count) else { return nil }
                field.bytes = rest.prefix(Int(length))
                rest = rest.dropFirst(Int(length))
            default: return nil
            }
            result.append(field)
        }
        return result
    }

    private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }
}
