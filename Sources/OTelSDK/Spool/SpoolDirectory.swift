import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The spool's files: requests under `.otlp`, what is being made or could not be read under other names.
///
/// All calls block for a moment; they belong beside the cooperative pool. Several processes may use one directory: a file
/// is touched only by who holds its lock.
struct SpoolDirectory: Sendable {
    static let recordSuffix = ".otlp"
    static let liveSuffix = ".live"
    static let corruptSuffix = ".corrupt"
    static let temporaryPrefix = ".tmp-"

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

    /// Names of the files with records of processes that live or were killed, oldest first.
    func liveFiles() throws(Errno) -> [String] {
        try allNames().filter { $0.hasSuffix(Self.liveSuffix) && !$0.hasPrefix(Self.temporaryPrefix) }.sorted()
    }

    /// Names of files with requests, oldest first, and of those set aside.
    func list() throws(Errno) -> (records: [String], corrupt: [String]) {
        let names = try allNames().sorted()
        return (
            names.filter { $0.hasSuffix(Self.recordSuffix) && !$0.hasPrefix(Self.temporaryPrefix) },
            names.filter { $0.hasSuffix(Self.corruptSuffix) }
        )
    }

    /// Makes an empty file, locked; nil where another process was quicker to take it for a dead one's remains.
    ///
    /// A process may be killed at any moment: the name is made durable only by ``sync()``.
    func make(_ name: String) throws(Errno) -> FileLock? {
        let place = path.appending(name)
        let file = try Self.rethrow {
            try FileDescriptor.open(
                place,
                .readWrite,
                options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: [.ownerRead, .ownerWrite]
            )
        }
        return try Self.lock(file)
    }

    /// Takes a file for this holder alone; nil where another has it or it is gone.
    func lock(_ name: String) throws(Errno) -> FileLock? {
        guard let file = try open(name, .readWrite) else { return nil }
        return try Self.lock(file)
    }

    /// Opens a file to look into, if nobody has its lock; nil where somebody has, or it is gone.
    ///
    /// The lock is free again at once, so that whoever wants to take the file over is not kept from it.
    func openUnlocked(_ name: String) throws(Errno) -> FileDescriptor? {
        guard let file = try open(name), try file.lockOrClose(LOCK_SH) else { return nil }
        _ = flock(file.rawValue, LOCK_UN)
        return file
    }

    /// Opens a file; nil where it is gone.
    func open(_ name: String, _ mode: FileDescriptor.AccessMode = .readOnly) throws(Errno) -> FileDescriptor? {
        let place = path.appending(name)
        do throws(Errno) {
            return try Self.rethrow { try FileDescriptor.open(place, mode, options: [.closeOnExec]) }
        } catch {
            if error == .noSuchFileOrDirectory { return nil }
            throw error
        }
    }

    private static func lock(_ file: FileDescriptor) throws(Errno) -> FileLock? {
        guard let lock = try FileLock(owning: file) else { return nil }
        // Its last holder may have deleted it between our opening and our locking it.
        guard try status(lock.file).links > 0 else { return nil }
        return lock
    }

    /// Reads so many bytes, less at the end of the file.
    static func read(_ file: FileDescriptor, at place: Int, count size: Int) throws(Errno) -> [UInt8] {
        try rethrow {
            try unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                while count < size {
                    let room = unsafe UnsafeMutableRawBufferPointer(
                        rebasing: UnsafeMutableRawBufferPointer(buffer)[count...]
                    )
                    let got = try unsafe file.read(fromAbsoluteOffset: Int64(place + count), into: room)
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

    /// When a file was last changed, in nanoseconds since 1970; nil where it is gone.
    func timeOfChange(_ name: String) -> UInt64? {
        var status = stat()
        guard unsafe stat(path.appending(name).string, &status) == 0 else { return nil }
        return UInt64(max(0, status.st_mtim.tv_sec)) * 1_000_000_000 + UInt64(status.st_mtim.tv_nsec)
    }

    func rename(_ name: String, to new: String) throws(Errno) {
        guard unsafe Glibc.rename(path.appending(name).string, path.appending(new).string) == 0 else {
            throw Errno(rawValue: errno)
        }
    }

    func delete(_ name: String) {
        _ = unsafe unlink(path.appending(name).string)
    }

    /// Keeps a file that cannot be read for a person to look at, under a name that is not sent.
    func setAside(_ name: String) {
        try? rename(name, to: name + Self.corruptSuffix)
    }

    /// Deletes what dead processes left half-written, and old files that were set aside; a living writer holds its file's
    /// lock.
    func deleteRemains(olderThan oldest: UInt64) throws(Errno) {
        for name in try allNames() {
            let isOld = name.hasSuffix(Self.corruptSuffix) && timeOfChange(name).map { $0 < oldest } == true
            guard isOld || name.hasPrefix(Self.temporaryPrefix), let lock = try lock(name) else { continue }
            delete(name)
            _ = consume lock
        }
    }

    /// A name that sorts by time, then by order within a process; two processes differ in the last part.
    static func recordName(_ time: UInt64, _ number: UInt64, _ unique: UInt64) -> String {
        "\(padded(time, 20))-\(padded(number, 8))-\(String(unique, radix: 16))\(recordSuffix)"
    }

    /// A name that sorts by the start of a process; two instances in one process differ in the last part.
    static func liveName(_ start: UInt64, _ process: Int32, _ unique: UInt64) -> String {
        "\(padded(start, 20))-\(process)-\(String(unique, radix: 16))\(liveSuffix)"
    }

    static func process(inLiveName name: String) -> Int32? {
        let parts = name.split(separator: "-")
        return parts.count == 3 ? Int32(parts[1]) : nil
    }

    /// The time that a name begins with, in nanoseconds since 1970; files of the first form have no other.
    func time(inName name: String) -> UInt64 {
        UInt64(name.prefix { $0 != "-" }) ?? timeOfChange(name) ?? 0
    }

    static func padded(_ number: UInt64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
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

    /// Makes names durable: what was made, renamed or deleted before.
    func sync() {
        guard let directory = try? FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec]) else {
            return
        }
        _ = fsync(directory.rawValue)
        try? directory.close()
    }

    static func status(_ file: FileDescriptor) throws(Errno) -> (size: Int, links: Int) {
        var status = stat()
        guard unsafe fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
        return (Int(status.st_size), Int(status.st_nlink))
    }

    /// swift-system throws nothing else than Errno, but does not say so in its types.
    static func rethrow<Value>(_ body: () throws -> Value) throws(Errno) -> Value {
        do {
            return try body()
        } catch let error as Errno {
            throw error
        } catch {
            throw .ioError
        }
    }
}
