import GRDB

extension Journal {
    /// The attempt of this id, or nil.
    package func attempt(_ id: String) async throws -> AttemptRecord? {
        try await database.read { try AttemptRecord.fetchOne($0, key: id) }
    }

    /// Every attempt, oldest first.
    package func attempts() async throws -> [AttemptRecord] {
        try await database.read { try AttemptRecord.order(sql: "started_at, id").fetchAll($0) }
    }

    /// The newest attempts, newest first, as lines of a list.
    ///
    /// - Parameters:
    ///   - limit: How many at most.
    ///   - offset: How many newer ones are passed over.
    ///   - plan: Only those of this plan: its absolute path, or the words with which the user named it.
    ///   - taskID: Only those at this task.
    ///   - status: Only those of this status; ``AttemptSummary/running`` are those without an end.
    /// - Returns: The lines, and none where the list is over.
    /// - Throws: What SQLite says.
    package func attempts(
        newest limit: Int,
        offset: Int = 0,
        plan: String? = nil,
        taskID: String? = nil,
        status: String? = nil
    ) async throws -> [AttemptSummary] {
        var conditions = ["TRUE"]
        var arguments: StatementArguments = []
        if let plan {
            conditions.append("(plan_path = ? OR plan_file = ?)")
            arguments += [plan, plan]
        }
        if let taskID {
            conditions.append("task_id = ?")
            arguments += [taskID]
        }
        if let status {
            conditions.append("status IS ?")
            arguments += [status == AttemptSummary.running ? nil : status]
        }
        arguments += [limit, offset]
        let sql = """
            WITH page AS MATERIALIZED (
                SELECT id FROM attempt INDEXED BY attempt_by_start WHERE \(conditions.joined(separator: " AND "))
                ORDER BY started_at DESC, id DESC LIMIT ? OFFSET ?
            )
            SELECT \(AttemptSummary.columns), \(JournalTotals.ModelTotals.sums)
            FROM page JOIN attempt USING (id) LEFT JOIN usage ON usage.attempt_id = id
            GROUP BY id ORDER BY started_at DESC, id DESC
            """
        return try await database.read { [arguments] in
            try AttemptSummary.fetchAll($0, sql: sql, arguments: arguments)
        }
    }

    /// The attempts without an end, oldest first: those that run, and those whose runner was killed.
    package func openAttempts() async throws -> [AttemptRecord] {
        try await database.read { try AttemptRecord.fetchAll($0, sql: Self.open) }
    }

    /// The attempts that wait for a person's answer, oldest first: no living and no ended attempt goes on with them.
    ///
    /// Replays ask nobody.
    package func openQuestions(isAlive: (@Sendable (AttemptRecord) -> Bool)? = nil) async throws -> [AttemptRecord] {
        try await database.read { [self] database in
            try openQuestions(in: database) { attempt in isAlive?(attempt) ?? self.isAlive(attempt) }
        }
    }

    /// The same for who is reading already.
    func openQuestions(in database: Database, isAlive: (AttemptRecord) -> Bool) throws -> [AttemptRecord] {
        let open = try AttemptRecord.fetchAll(database, sql: Self.open)
        let taken = Set(open.filter { $0.continues != nil && isAlive($0) }.compactMap(\.continues))
        let questions = try AttemptRecord.fetchAll(database, sql: Self.unanswered)
        return questions.filter { !taken.contains($0.id) }
    }

    private static let open = """
        SELECT * FROM attempt INDEXED BY attempt_open WHERE ended_at IS NULL ORDER BY started_at, id
        """

    /// A question that no ended attempt goes on with.
    private static let unanswered = """
        SELECT * FROM attempt INDEXED BY attempt_question
        WHERE status = 'needs_human' AND NOT replayed AND NOT EXISTS (
            SELECT 1 FROM attempt AS next INDEXED BY attempt_by_continued
            WHERE next.continues = attempt.id AND next.ended_at IS NOT NULL
        )
        ORDER BY started_at, id
        """

    /// The plan of this hash, as it was when an attempt first worked on it, or nil.
    package func plan(hash: String) async throws -> PlanRecord? {
        try await database.read { try PlanRecord.fetchOne($0, key: hash) }
    }
}
