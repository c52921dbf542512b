import Glibc
import SystemPackage

/// Standard input for a process, as a nameless file in shared memory.
///
/// A file instead of a pipe: all bytes are there before the process starts, so nothing has to be written while its
/// output is read, a process that never reads leaves nobody waiting, and there is no EPIPE and no SIGPIPE.
enum InputFile {
    /// A descriptor at the beginning of the bytes, or of `/dev/null` when there are none.
    ///
    /// - Returns: The descriptor, which the caller closes.
    /// - Throws: ``StartFailure/other(_:)`` when there is no memory or no descriptor left.
    static func open(_ bytes: [UInt8]) throws(StartFailure) -> FileDescriptor {
        do {
            guard !bytes.isEmpty else { return try .open(FilePath("/dev/null"), .readOnly, options: .closeOnExec) }
            let file = try makeNameless()
            do {
                try file.writeAll(bytes)
                try file.seek(offset: 0, from: .start)
            } catch {
                try? file.close()
                throw error
            }
            return file
        } catch {
            throw .other("no file for standard input: \(error)")
        }
    }

    /// glibc shows `memfd_create` only to those who ask for GNU's extensions; this is the same by POSIX alone.
    private static func makeNameless() throws -> FileDescriptor {
        let name = "/orchestrator-input-\(getpid())-\(UInt64.random(in: .min ... .max))"
        let number = unsafe shm_open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw Errno(rawValue: errno) }
        _ = unsafe shm_unlink(name)
        return FileDescriptor(rawValue: number)
    }
}
