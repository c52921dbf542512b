/// The journal could not be opened, read or written.
package struct JournalError: Error, Sendable, CustomStringConvertible {
    /// The database file.
    package let path: String
    /// What SQLite or the file system said.
    package let cause: any Error

    package var description: String {
        "\(path) cannot be used (\(cause)). Name a directory that can be written with "
            + "ORCHESTRATOR_STATE_DIR, or move the broken file away."
    }
}
