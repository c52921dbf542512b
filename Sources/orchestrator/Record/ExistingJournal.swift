import Journal
import Runner

extension Settings {
    /// The journal, for commands that only read; nothing is made where there is none.
    ///
    /// - Throws: ``PreparationError`` if there is none, `JournalError` if it cannot be read.
    func existingJournal() throws -> Journal {
        guard let journal = try Journal(existing: stateDirectory) else {
            throw PreparationError(
                exitCode: .usage,
                message: "There are no runs yet: \(stateDirectory) has no journal.",
                remedy: "run a task, or name another directory with ORCHESTRATOR_STATE_DIR"
            )
        }
        return journal
    }
}
