import Glibc
import SystemPackage

/// The claim of one process on the attempt to which a stream belongs.
///
/// A lock of the open file description (fcntl(2), `F_OFD_SETLK`): the kernel takes it back at whatever death, and, other than
/// with flock(2), one can ask for it without taking it, so that who looks is never in the way of who works. A child shares
/// it between its fork and its exec; therefore it is given back before the file is closed.
enum AttemptLock {
    /// `F_OFD_GETLK` and `F_OFD_SETLK` of linux/fcntl.h, alike on all machines; the module of the C library lacks them.
    private static let ask: Int32 = 36
    private static let set: Int32 = 37

    /// Takes the lock; false if somebody else has it.
    static func take(_ file: FileDescriptor) throws -> Bool {
        var lock = whole(F_WRLCK)
        guard unsafe fcntl(file.rawValue, set, &lock) != 0 else { return true }
        guard errno == EAGAIN || errno == EACCES else { throw Errno(rawValue: errno) }
        return false
    }

    /// Gives it back.
    static func release(_ file: FileDescriptor) {
        var lock = whole(F_UNLCK)
        _ = unsafe fcntl(file.rawValue, set, &lock)
    }

    /// Whether somebody has it, without taking it.
    static func isTaken(_ file: FileDescriptor) -> Bool {
        var lock = whole(F_WRLCK)
        return unsafe fcntl(file.rawValue, ask, &lock) == 0 && lock.l_type != Int16(F_UNLCK)
    }

    /// A lock of the whole file, however it grows.
    private static func whole(_ type: Int32) -> flock {
        var lock = flock()
        lock.l_type = Int16(type)
        lock.l_whence = Int16(SEEK_SET)
        return lock
    }
}
