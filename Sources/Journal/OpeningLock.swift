import Foundation
import Glibc

/// Held while a journal is opened, so that of several processes one makes it and the others find it made.
///
/// Given back with the object's end, or the process's. Who does not get it in time goes on; SQLite then says what is wrong.
final class OpeningLock {
    private let file: Int32

    /// Waits for the lock as long as given, in seconds.
    init(_ path: String, patience: TimeInterval) {
        file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        let end = Date(timeIntervalSinceNow: patience)
        while file >= 0, flock(file, LOCK_EX | LOCK_NB) != 0, Date() < end {
            Thread.sleep(forTimeInterval: 0.002)
        }
    }

    deinit {
        guard file >= 0 else { return }
        // A child that is just being started may still have the descriptor.
        _ = flock(file, LOCK_UN)
        close(file)
    }
}
