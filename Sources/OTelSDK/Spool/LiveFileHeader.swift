import OTLPWire
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What a file of live records begins with.
///
/// Little-endian: magic `OTLPLIVE` (8), version 1 (4), process id (4), start of the process's records in nanoseconds since
/// 1970 (8), size of the whole header (8), length of the resource (8), ``Checksum/mixed(_:)`` of the resource (8), the same
/// of the 48 bytes before (8). Then 256 places for regions: size (8) and its complement (8), zero where there is none;
/// regions lie behind the header without gaps. Then the resource, as an encoded trace request without spans.
struct LiveFileHeader: Sendable, Equatable {
    static let maximumRegions = 256
    private static let magic = [UInt8]("OTLPLIVE".utf8)
    private static let fixedSize = 56

    /// Regions are mapped, so they begin where pages do.
    static let pageSize = sysconf(Int32(_SC_PAGESIZE))

    var process: Int32
    var start: UInt64

    /// The resource, and its schema.
    var resource: Resource

    /// The header as it is first written, without regions.
    var bytes: [UInt8] {
        let resource = ExportTraceRequest(resource: resource, scopes: []).encoded()
        let used = Self.fixedSize + Self.maximumRegions * 16 + resource.count
        let size = (used + Self.pageSize - 1) / Self.pageSize * Self.pageSize
        var bytes = Self.magic
        bytes.reserveCapacity(size)
        bytes.append(littleEndian: UInt32(1))
        bytes.append(littleEndian: process)
        bytes.append(littleEndian: start)
        bytes.append(littleEndian: UInt64(size))
        bytes.append(littleEndian: UInt64(resource.count))
        bytes.append(littleEndian: Checksum.mixed(resource[...]))
        bytes.append(littleEndian: Checksum.mixed(bytes[...]))
        bytes += Array(repeating: 0, count: Self.maximumRegions * 16)
        bytes += resource
        return bytes + Array(repeating: 0, count: size - used)
    }

    /// Where the entry of a region stands, and what it is.
    static func entry(ofRegion number: Int, size: Int) -> (place: Int, bytes: [UInt8]) {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: UInt64(size))
        bytes.append(littleEndian: ~UInt64(size))
        return (fixedSize + number * 16, bytes)
    }

    init(process: Int32, start: UInt64, resource: Resource) {
        self.process = process
        self.start = start
        self.resource = resource
    }

    /// Reads the header of a file and the places of its regions; nil where it is not one.
    ///
    /// A region that reaches over the end of the file is cut there, one that is not described any more ends the list.
    static func read(_ file: FileDescriptor) throws(Errno) -> (header: LiveFileHeader, regions: [Range<Int>])? {
        let tableEnd = fixedSize + maximumRegions * 16
        let bytes = try SpoolDirectory.read(file, at: 0, count: tableEnd)
        let fileSize = try SpoolDirectory.status(file).size
        guard bytes.count == tableEnd, bytes.starts(with: magic), bytes[...].number(at: 8, bytes: 4) == 1,
            bytes[...].number(at: 48, bytes: 8) == Checksum.mixed(bytes.prefix(48)),
            let size = Int(exactly: bytes[...].number(at: 24, bytes: 8)), size <= fileSize,
            let length = Int(exactly: bytes[...].number(at: 32, bytes: 8)), length <= size - tableEnd
        else { return nil }
        let encoded = try SpoolDirectory.read(file, at: tableEnd, count: length)
        guard Checksum.mixed(encoded[...]) == bytes[...].number(at: 40, bytes: 8),
            let resource = try? ExportTraceRequest.decode(encoded).first?.resource ?? Resource()
        else { return nil }
        let process = Int32(truncatingIfNeeded: bytes[...].number(at: 12, bytes: 4))
        let header = LiveFileHeader(process: process, start: bytes[...].number(at: 16, bytes: 8), resource: resource)
        return (header, regions(in: bytes[fixedSize...], from: size, fileSize: fileSize))
    }

    private static func regions(in table: ArraySlice<UInt8>, from start: Int, fileSize: Int) -> [Range<Int>] {
        var regions: [Range<Int>] = []
        var place = start
        for number in 0..<maximumRegions {
            let size = table.number(at: number * 16, bytes: 8)
            guard size > 0, table.number(at: number * 16 + 8, bytes: 8) == ~size, place < fileSize,
                let size = Int(exactly: size)
            else { break }
            regions.append(place..<min(fileSize, place + min(size, fileSize)))
            place = regions[number].upperBound
        }
        return regions
    }
}
