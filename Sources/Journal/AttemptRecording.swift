import GRDB

extension Journal {
    /// Records that an attempt begins, if no other one stands in its way.
    ///
    /// One immediate transaction looks and writes, so that of two that begin at once one is refused.
    ///
    /// - Parameters:
    ///   - attempt: The row. Its stream is held already, so that it is alive from the first moment.
    ///   - plan: The plan that `planHash` names; it is kept once for each hash.
    ///   - isAlive: Whether somebody works on an attempt that has not ended; nil asks ``isAlive(_:)``.
    /// - Throws: ``AttemptConflict`` naming the attempt in the way, or what SQLite says.
    package func begin(
        _ attempt: AttemptRecord,
        plan: PlanRecord? = nil,
        isAlive: (@Sendable (AttemptRecord) -> Bool)? = nil
    ) async throws {
        try await database.write { [self] database in
            let isAlive = isAlive ?? { self.isAlive($0) }
            if let conflict = try attempt.conflict(in: database, isAlive: isAlive) { throw conflict }
            try plan?.insert(database, onConflict: .ignore)
            try attempt.insert(database)
        }
    }

    /// Whether somebody works on an attempt: its runner, or who closes it after the runner's death.
    package func isAlive(_ attempt: AttemptRecord) -> Bool {
        guard attempt.end == nil else { return false }
        return StreamFile.isHeld(
            StreamFile.path(directory: directory, runID: attempt.runID, attemptNumber: attempt.number)
        )
    }

    /// Records what an attempt that runs has used and done so far, in place of what was recorded before.
    ///
    /// - Throws: ``AttemptConflict`` if it has ended, or what SQLite says.
    package func progress(
        _ attemptID: String,
        usage: [UsageRecord],
        operations: AttemptOperations = AttemptOperations()
    ) async throws {
        try await database.write { database in
            try Self.requireOpen(attemptID, in: database)
            try Self.replaceUsage(of: attemptID, by: usage, in: database)
            try operations.keep(forOpen: attemptID, in: database)
        }
    }

    /// What an attempt that has no end had done when that was last recorded.
    package func operations(ofOpen attemptID: String) async throws -> AttemptOperations {
        try await database.read { try AttemptOperations(ofOpen: attemptID, in: $0) }
    }

    /// Records how an attempt ended and what it used, in one transaction.
    ///
    /// - Parameters:
    ///   - attempt: The whole row, which takes the place of the one recorded at the beginning.
    ///   - usage: One record a model; they take the place of those recorded before.
    ///   - operations: What its session did, operation by operation; it is added to the totals unless it was a replay.
    /// - Throws: ``AttemptConflict`` with the row as it stands if the end had been recorded before, or what SQLite says.
    package func finish(
        _ attempt: AttemptRecord,
        usage: [UsageRecord],
        operations: AttemptOperations = AttemptOperations()
    ) async throws {
        try await database.write { database in
            try Self.requireOpen(attempt.id, in: database)
            try attempt.update(database)
            try Self.replaceUsage(of: attempt.id, by: usage, in: database)
            try operations.record(of: attempt.id, in: database)
            try AttemptOperations.forget(open: attempt.id, in: database)
            guard !attempt.isReplayed else { return }
            try operations.addToTotals(in: database)
            try attempt.recordDurationExample(in: database)
        }
    }

    private static func requireOpen(_ attemptID: String, in database: Database) throws {
        let row = try AttemptRecord.find(database, key: attemptID)
        if row.end != nil { throw AttemptConflict(reason: .hasEnded, other: row) }
    }

    private static func replaceUsage(of attemptID: String, by usage: [UsageRecord], in database: Database) throws {
        try database.execute(sql: "DELETE FROM usage WHERE attempt_id = ?", arguments: [attemptID])
        for record in usage { try record.insert(database) }
    }
}

extension AttemptRecord {
    /// What keeps this attempt from beginning, if anything does.
    fileprivate func conflict(in database: Database, isAlive: (AttemptRecord) -> Bool) throws -> AttemptConflict? {
        let sameNumber = Self.filter(sql: "run_id = ? AND number = ?", arguments: [runID, number])
        if let other = try Self.fetchOne(database, key: id) ?? sameNumber.fetchOne(database) {
            return AttemptConflict(reason: .attemptExists, other: other)
        }

        let continuing = try Self.filter(sql: "continues = ?", arguments: [continues]).fetchAll(database)
        if let other = continuing.first(where: { $0.end != nil || isAlive($0) }) {
            return AttemptConflict(reason: .isContinued, other: other)
        }

        let open = try Self.fetchAll(
            database,
            sql: """
                SELECT * FROM attempt INDEXED BY attempt_open
                WHERE ended_at IS NULL AND plan_path = ? AND task_id = ?
                """,
            arguments: [planPath, taskID]
        )
        if let other = open.first(where: { excludes($0) && isAlive($0) }) {
            return AttemptConflict(reason: .taskIsRunning, other: other)
        }
        return nil
    }

    /// Whether this attempt and another one at the same task do not go together.
    ///
    /// A replay changes nothing but its own workspace.
    private func excludes(_ other: AttemptRecord) -> Bool {
        isReplayed == other.isReplayed && (!isReplayed || workspace == other.workspace)
    }
}
