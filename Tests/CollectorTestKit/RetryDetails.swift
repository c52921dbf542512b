package import GRPCTransport

/// `google.rpc.Status` with a `google.rpc.RetryInfo` in it, as `grpc-status-details-bin` carries it.
package enum RetryDetails {
    package static func encoded(_ status: GRPCStatus, retryAfter delay: Duration) -> [UInt8] {
        let (seconds, attoseconds) = delay.components
        let duration = number(1, seconds) + number(2, attoseconds / 1_000_000_000)
        let any = text(1, "type.googleapis.com/google.rpc.RetryInfo") + field(2, field(1, duration))
        return number(1, Int64(status.code.rawValue)) + text(2, status.message) + field(3, any)
    }

    private static func number(_ field: UInt8, _ value: Int64) -> [UInt8] {
        value == 0 ? [] : [field << 3] + varint(UInt64(bitPattern: value))
    }

    private static func text(_ number: UInt8, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }

    private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        [number << 3 | 2] + varint(UInt64(bytes.count)) + bytes
    }

    private static func varint(_ value: UInt64) -> [UInt8] {
        var rest = value
        var bytes: [UInt8] = []
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}
