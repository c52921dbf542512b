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
