import Foundation
import Glibc
import SystemPackage

/// The journal could not be opened, read or written.
package struct JournalError: Error, Sendable, CustomStringConvertible {
    /// The database file.
    package let path: String
    /// What SQLite or the file system said.
    package let cause: any Error

    /// The system's own words where it has some, such as `Not a directory`.
    private var reason: String {
        let posix = unsafe (cause as? CocoaError)?.userInfo["NSUnderlyingError"] as? POSIXError
        return posix.map { Errno(rawValue: $0.code.rawValue).description } ?? "\(cause)"
    }

    package var description: String {
        "\(path) cannot be used (\(reason)). Name a directory that can be written with "
            + "ORCHESTRATOR_STATE_DIR, or move the broken file away."
    }
}
