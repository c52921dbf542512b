import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The spool's files: whole records under final names, what is being written or cannot be read under other ones.
///
/// All calls block for a moment; they belong beside the cooperative pool. Several processes may use one directory: a file
/// is touched only by who holds its lock.
struct SpoolDirectory: Sendable {
    static let recordSuffix = ".otlp"
    static let corruptSuffix = ".corrupt"
    private static let temporaryPrefix = ".tmp-"

    let path: FilePath

    /// Makes the directory, and those above it, for this user alone; an existing one is made private.
    func create() throws(Errno) {
        var parent = path.root.map { FilePath(root: $0) } ?? FilePath()
        for component in path.components {
            parent.append(component)
            if unsafe mkdir(parent.string, 0o700) != 0 {
                guard errno == EEXIST else { throw Errno(rawValue: errno) }
            }
        }
        guard unsafe chmod(path.string, 0o700) == 0 else { throw Errno(rawValue: errno) }
    }

    /// Names of whole records, oldest first, and of those set aside.
    func list() throws(Errno) -> (records: [String], corrupt: [String]) {
        let names = try allNames().sorted()
        return (names.filter { $0.hasSuffix(Self.recordSuffix) }, names.filter { $0.hasSuffix(Self.corruptSuffix) })
    }

    /// Writes a file that is either whole under its name, also after a power cut, or not there.
    func write(_ bytes: [UInt8], as name: String) throws(Errno) {
        let temporary = path.appending(Self.temporaryPrefix + name)
        do throws(Errno) {
            try writeAndSync(bytes, to: temporary)
            guard unsafe rename(temporary.string, path.appending(name).string) == 0 else {
                throw Errno(rawValue: errno)
            }
        } catch {
            _ = unsafe unlink(temporary.string)
            throw error
        }
        syncDirectory()
    }

    private func writeAndSync(_ bytes: [UInt8], to file: FilePath) throws(Errno) {
        // Locked while it is written, so that nobody takes it for a dead process's remains.
        guard
            let lock = try FileLock(
                owning: Self.rethrow {
                    try FileDescriptor.open(
                        file,
                        .writeOnly,
                        options: [.create, .exclusiveCreate, .closeOnExec],
                        permissions: [.ownerRead, .ownerWrite]
                    )
                }
            )
        else { throw .wouldBlock }
        try Self.rethrow { _ = try lock.file.writeAll(bytes) }
        guard fsync(lock.file.rawValue) == 0 else { throw Errno(rawValue: errno) }
    }

    /// Takes a file for this holder alone; nil where another has it or it is gone.
    func lock(_ name: String) throws(Errno) -> FileLock? {
        let file: FileDescriptor
        do throws(Errno) {
            let place = path.appending(name)
            file = try Self.rethrow { try FileDescriptor.open(place, .readOnly, options: [.closeOnExec]) }
        } catch {
            if error == .noSuchFileOrDirectory { return nil }
            throw error
        }
        guard let lock = try FileLock(owning: file) else { return nil }
        // Its last holder may have deleted it between our opening and our locking it.
        guard try Self.status(lock.file).links > 0 else { return nil }
        return lock
    }

    /// Reads a locked file whole.
    func read(_ lock: borrowing FileLock) throws(Errno) -> [UInt8] {
        let file = lock.file
        let size = try Self.status(file).size
        return try Self.rethrow {
            try unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                while count < size {
                    let room = unsafe UnsafeMutableRawBufferPointer(
                        rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]
                    )
                    let got = try unsafe file.read(fromAbsoluteOffset: Int64(count), into: room)
                    if got == 0 { break }
                    count += got
                }
            }
        }
    }

    func size(of name: String) -> Int {
        var status = stat()
        return unsafe stat(path.appending(name).string, &status) == 0 ? Int(status.st_size) : 0
    }

    func delete(_ name: String) {
        _ = unsafe unlink(path.appending(name).string)
    }

    /// Keeps a file that cannot be read for a person to look at, under a name that is not sent.
    func setAside(_ name: String) {
        let file = path.appending(name).string
        _ = unsafe rename(file, file + Self.corruptSuffix)
    }

    /// Deletes what dead processes left half-written; a living writer holds its file's lock.
    func deleteRemains() throws(Errno) {
        for name in try allNames() where name.hasPrefix(Self.temporaryPrefix) {
            if let lock = try lock(name) {
                delete(name)
                _ = consume lock
            }
        }
    }

    private func allNames() throws(Errno) -> [String] {
        guard let directory = unsafe opendir(path.string) else { throw Errno(rawValue: errno) }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            names.append(name)
        }
        return names
    }

    private func syncDirectory() {
        guard let directory = try? FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec]) else {
            return
        }
        _ = fsync(directory.rawValue)
        try? directory.close()
    }

    private static func status(_ file: FileDescriptor) throws(Errno) -> (size: Int, links: Int) {
        var status = stat()
        guard unsafe fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
        return (Int(status.st_size), Int(status.st_nlink))
    }

    /// swift-system throws nothing else than Errno, but does not say so in its types.
    private static func rethrow<Value>(_ body: () throws -> Value) throws(Errno) -> Value {
        do {
            return try body()
        } catch let error as Errno {
            throw error
        } catch {
            throw .ioError
        }
    }
}
