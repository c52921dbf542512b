import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// An open file with an exclusive lock on it (flock(2)); closing it, or the process's end, gives the lock back.
struct FileLock: ~Copyable {
    let file: FileDescriptor

    /// Nil where another holder has it; never waits.
    init?(owning file: FileDescriptor) throws(Errno) {
        guard try file.lockOrClose(LOCK_EX) else { return nil }
        self.file = file
    }

    deinit {
        // A child that is just being started may still have the descriptor; the lock must not wait for its exec.
        _ = flock(file.rawValue, LOCK_UN)
        try? file.close()
    }
}

extension FileDescriptor {
    /// Locks the file without waiting; where that cannot be, it is closed.
    ///
    /// - Parameter kind: `LOCK_EX` or `LOCK_SH`.
    /// - Returns: False where another holder is in the way.
    /// - Throws: What else the system says.
    func lockOrClose(_ kind: Int32) throws(Errno) -> Bool {
        while flock(rawValue, kind | LOCK_NB) != 0 {
            let error = Errno(rawValue: errno)
            if error == .interrupted { continue }
            try? close()
            if error == .wouldBlock { return false }
            throw error
        }
        return true
    }
}
