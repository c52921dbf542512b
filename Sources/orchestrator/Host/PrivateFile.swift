import Foundation
import SystemPackage

/// A file that only its owner can read, made anew.
struct PrivateFile: Sendable {
    let path: String
    let descriptor: FileDescriptor

    /// Makes one in a directory, that for temporary files if none is named.
    ///
    /// - Throws: `Errno`.
    init(in directory: String? = nil, prefix: String = "orchestrator-") throws {
        let directory = directory ?? FileManager.default.temporaryDirectory.path
        path = "\(directory)/\(prefix)\(UUID().uuidString.lowercased())"
        descriptor = try FileDescriptor.open(
            FilePath(path),
            .readWrite,
            options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: .ownerReadWrite
        )
    }

    /// Closes the file, and takes it away.
    func remove() {
        try? descriptor.close()
        unlink()
    }

    /// Takes the name away; the file is there until its descriptors are closed.
    func unlink() { try? FileManager.default.removeItem(atPath: path) }

    /// A file without a name that has these bytes, read from its beginning; the caller closes it.
    static func nameless(_ bytes: some Sequence<UInt8> = []) throws -> FileDescriptor {
        let file = try PrivateFile()
        file.unlink()
        do {
            try file.descriptor.writeAll(bytes)
            try file.descriptor.seek(offset: 0, from: .start)
        } catch {
            try? file.descriptor.close()
            throw error
        }
        return file.descriptor
    }
}

extension FileDescriptor {
    /// The beginning of the file, at most so many bytes.
    func beginning(atMost limit: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        var count = 0
        while count < limit {
            let read = try unsafe bytes.withUnsafeMutableBytes { buffer in
                try unsafe self.read(
                    fromAbsoluteOffset: Int64(count),
                    into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
                )
            }
            if read == 0 { break }
            count += read
        }
        return Array(bytes.prefix(count))
    }
}
