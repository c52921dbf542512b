/// One undelivered request as a file: a header, then the encoded request as it would have been sent.
///
/// Header, 32 bytes, little-endian: magic `OTLPSPOL` (8), version (1), signal (1), zero (2), items (4), length of the
/// request (8), CRC-32 of the request (4), CRC-32 of the 28 bytes before (4).
struct SpoolRecord: Sendable, Equatable {
    static let headerSize = 32
    private static let magic = [UInt8]("OTLPSPOL".utf8)
    private static let version: UInt8 = 1

    var signal: TelemetrySignal

    /// Spans in the request.
    var items: Int
    var request: [UInt8]

    init(signal: TelemetrySignal, items: Int, request: [UInt8]) {
        self.signal = signal
        self.items = items
        self.request = request
    }

    /// Nil for bytes that are not exactly one whole record.
    init?(fileContents bytes: [UInt8]) {
        guard bytes.count >= Self.headerSize, Array(bytes[0..<8]) == Self.magic, bytes[8] == Self.version,
            let signal = TelemetrySignal(rawValue: bytes[9]),
            Self.number(bytes[28..<32]) == UInt64(CRC32.checksum(bytes[0..<28]))
        else { return nil }
        let request = bytes[Self.headerSize...]
        guard Self.number(bytes[16..<24]) == UInt64(request.count),
            Self.number(bytes[24..<28]) == UInt64(CRC32.checksum(request))
        else { return nil }
        self.init(signal: signal, items: Int(Self.number(bytes[12..<16])), request: Array(request))
    }

    var fileContents: [UInt8] {
        var bytes = Self.magic + [Self.version, signal.rawValue, 0, 0]
        bytes.reserveCapacity(Self.headerSize + request.count)
        Self.append(UInt32(clamping: items), to: &bytes)
        Self.append(UInt64(request.count), to: &bytes)
        Self.append(CRC32.checksum(request[...]), to: &bytes)
        Self.append(CRC32.checksum(bytes[...]), to: &bytes)
        return bytes + request
    }

    private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: number.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// The checksum of zlib and Ethernet (reflected polynomial EDB88320).
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }

    static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ ($0 >> 8) }
    }
}
