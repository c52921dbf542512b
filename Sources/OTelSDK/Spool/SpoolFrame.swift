/// The header before a request in a segment.
///
/// Version 2, 56 bytes, little-endian: magic `OTLPSPOL` (8), version (1), signal (1), zero (2), items (4), length of the
/// request (8), time of its making in nanoseconds since 1970 (8), ``Checksum/mixed(_:)`` of the request (8), the same of
/// the 40 bytes before (8), state (8). The state is outside of the checksum, so that it can be changed in place: zero, or
/// `OTLPDONE` once nobody needs the request any more.
///
/// Version 1, 32 bytes, was a file of its own for each request: magic, version, signal, zero (2), items (4), length (8),
/// CRC-32 of the request (4), CRC-32 of the 28 bytes before (4). It is read, no longer written.
struct SpoolFrame: Sendable, Equatable {
    /// The larger of the two headers.
    static let headerSize = 56
    static let magic = [UInt8]("OTLPSPOL".utf8)
    static let doneMark = [UInt8]("OTLPDONE".utf8)
    private static let firstFormSize = 32

    /// gRPC's messages cannot be longer; so sums with a place in a file do not overflow either.
    private static let longest = Int(UInt32.max)
    private static let markPlace = 48

    let signal: TelemetrySignal
    let items: Int
    let length: Int

    /// Nil in the first form.
    let time: UInt64?
    let isDone: Bool
    private let isFirstForm: Bool
    private let checksum: UInt64

    /// Reads a header; nil for bytes that do not begin with a whole and undamaged one.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count >= Self.firstFormSize, bytes.starts(with: Self.magic),
            let signal = TelemetrySignal(rawValue: UInt8(bytes.number(at: 9, bytes: 1))),
            let length = Int(exactly: bytes.number(at: 16, bytes: 8)), length <= Self.longest
        else { return nil }
        self.signal = signal
        self.length = length
        items = Int(bytes.number(at: 12, bytes: 4))
        switch bytes.number(at: 8, bytes: 1) {
        case 1:
            guard bytes.number(at: 28, bytes: 4) == UInt64(Checksum.crc32(bytes.prefix(28))) else { return nil }
            (isFirstForm, time, isDone) = (true, nil, false)
            checksum = bytes.number(at: 24, bytes: 4)
        case 2:
            guard bytes.count >= Self.headerSize,
                bytes.number(at: 40, bytes: 8) == Checksum.mixed(bytes.prefix(40))
            else { return nil }
            (isFirstForm, time) = (false, bytes.number(at: 24, bytes: 8))
            checksum = bytes.number(at: 32, bytes: 8)
            isDone = bytes.dropFirst(Self.markPlace).starts(with: Self.doneMark)
        default: return nil
        }
    }

    var size: Int { isFirstForm ? Self.firstFormSize : Self.headerSize }

    /// Where in the header the mark goes; nil in the first form, which is deleted instead.
    var markPlace: Int? { isFirstForm ? nil : Self.markPlace }

    /// Whether these are the bytes that were written behind the header.
    func covers(_ request: [UInt8]) -> Bool {
        isFirstForm ? checksum == UInt64(Checksum.crc32(request[...])) : checksum == Checksum.mixed(request[...])
    }

    /// A header of the second form.
    static func header(of record: SpoolRecord, time: UInt64) -> [UInt8] {
        var bytes = magic + [2, record.signal.rawValue, 0, 0]
        bytes.reserveCapacity(headerSize)
        bytes.append(littleEndian: UInt32(clamping: record.items))
        bytes.append(littleEndian: UInt64(record.request.count))
        bytes.append(littleEndian: time)
        bytes.append(littleEndian: Checksum.mixed(record.request))
        bytes.append(littleEndian: Checksum.mixed(bytes[...]))
        bytes.append(littleEndian: UInt64(0))
        return bytes
    }
}
