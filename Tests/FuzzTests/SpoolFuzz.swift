import Glibc
import SystemPackage

@testable import OTelSDK

extension FuzzTarget {
    /// A file without a name that all inputs are written to in turn.
    private static let file: FileDescriptor? = {
        let path = FilePath("/tmp/fuzz-spool-\(getpid())")
        let options: FileDescriptor.OpenOptions = [.create, .exclusiveCreate]
        let file = try? FileDescriptor.open(path, .readWrite, options: options, permissions: .ownerReadWrite)
        _ = path.withPlatformString { unlink($0) }
        return file
    }()

    /// A segment of the spool: as it stands, and with the checksums of its first header put right.
    static let spool = FuzzTarget(name: "spool") { bytes in
        guard let file else { return }
        for content in [bytes, repaired(bytes)] {
            try? file.resize(to: 0)
            guard (try? file.writeAll(toAbsoluteOffset: 0, content)) == content.count,
                var segment = try? SpoolSegment(file)
            else { return }
            var last = -1
            while let found = try? segment.next() {
                if found.offset <= last { fatalError("the same place again") }
                last = found.offset
                _ = try? segment.request(of: found)
                try? segment.markDone(found)
            }
        }
    }

    /// A file of live records: as it stands, and with a header that holds.
    static let liveFile = FuzzTarget(name: "live-file") { bytes in
        guard let file else { return }
        for content in [bytes, live(bytes)] {
            try? file.resize(to: 0)
            guard (try? file.writeAll(toAbsoluteOffset: 0, content)) == content.count else { return }
            guard let dead = try? DeadRecords(file, lastChange: 1, maximumRequest: 200) else { continue }
            if dead.requests.contains(where: { $0.items == 0 }) { fatalError("a request of nothing") }
        }
    }

    /// A byte with the number of regions, for each its size in a byte and by how much that is shifted, a byte with the
    /// length of the resource, the resource, and extents.
    private static func live(_ bytes: [UInt8]) -> [UInt8] {
        var input = FuzzInput(bytes)
        var table: [UInt8] = []
        for _ in 0..<min(input.byte(), 16) {
            let size = UInt64(input.byte()) << (UInt64(input.byte()) % 64)
            table.append(littleEndian: size)
            table.append(littleEndian: ~size)
        }
        table += [UInt8](repeating: 0, count: LiveFileHeader.maximumRegions * 16 - table.count)
        let resource = input.bytes(Int(input.byte()))
        var file = [UInt8]("OTLPLIVE".utf8)
        file.append(littleEndian: UInt32(1))
        file.append(littleEndian: UInt32(7))
        file.append(littleEndian: UInt64(1))
        file.append(littleEndian: UInt64(56 + table.count + resource.count))
        file.append(littleEndian: UInt64(resource.count))
        file.append(littleEndian: Checksum.mixed(resource[...]))
        file.append(littleEndian: Checksum.mixed(file[...]))
        return file + table + resource + extents(input.remainder())
    }

    private static func repaired(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.count >= SpoolFrame.headerSize else { return bytes }
        var fixed = SpoolFrame.magic + [2, bytes[9] % 3 + 1] + bytes[10..<40]
        let checksum = Checksum.mixed(fixed[...])
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            fixed.append(UInt8(truncatingIfNeeded: checksum >> shift))
        }
        return fixed + bytes[48...]
    }
}
