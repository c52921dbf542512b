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
        while flock(file.rawValue, LOCK_EX | LOCK_NB) != 0 {
            let error = Errno(rawValue: errno)
            if error == .interrupted { continue }
            try? file.close()
            if error == .wouldBlock { return nil }
            throw error
        }
        self.file = file
    }

    deinit {
        // A child that is just being started may still have the descriptor; the lock must not wait for its exec.
        _ = flock(file.rawValue, LOCK_UN)
        try? file.close()
    }
}
