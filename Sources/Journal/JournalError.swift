import Foundation
import Glibc
import SystemPackage

/// The journal or a stream could not be opened, read or written.
package struct JournalError: Error, Sendable, CustomStringConvertible {
    /// What kind of trouble it is.
    package enum Code: Sendable, Equatable {
        /// SQLite or the file system refuses.
        case unusable
        /// A newer version of the program has changed the schema: the migration that is not known here.
        case newerSchema(String)
        /// Another process is working on the attempt whose stream this is.
        case isHeld
        /// The stream of an earlier attempt lies there.
        case isWritten
    }

    /// What kind of trouble it is.
    package let code: Code
    /// The file.
    package let path: String
    /// What SQLite or the file system said, where they said something.
    package let cause: (any Error)?

    init(_ code: Code = .unusable, path: String, cause: (any Error)? = nil) {
        self.code = code
        self.path = path
        self.cause = cause
    }

    /// The system's own words where it has some, such as `Not a directory`.
    private var reason: String {
        let posix = unsafe (cause as? CocoaError)?.userInfo["NSUnderlyingError"] as? POSIXError
        return posix.map { Errno(rawValue: $0.code.rawValue).description } ?? cause.map { "\($0)" } ?? "no reason given"
    }

    package var description: String {
        switch code {
        case .unusable:
            "\(path) cannot be used (\(reason)). Name a directory that can be written with "
                + "ORCHESTRATOR_STATE_DIR, or move the broken file away."
        case .newerSchema(let migration):
            "\(path) was changed by a newer version of orchestrator (\"\(migration)\"), and is left as it is. Update "
                + "orchestrator, or name another directory with ORCHESTRATOR_STATE_DIR."
        case .isHeld:
            "\(path) is being written by another process. Wait for the end of its attempt, or stop it."
        case .isWritten:
            "\(path) is there already, and no stream is overwritten. Move it away, or use another state directory."
        }
    }
}
