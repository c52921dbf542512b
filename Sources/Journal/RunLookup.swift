import GRDB

extension Journal {
    /// How many ids an error tells.
    private static let told = 5
    /// How short the end of an id may be, to stand for it: as long as the ends in the index.
    private static let shortestSuffix = 4

    /// The attempts of the run that the user means, oldest first.
    ///
    /// - Parameter text: A run's id, the beginning of one, the end of one (at least 4 characters), or `latest`; followed by
    ///   `.2`, the second attempt alone is meant.
    /// - Returns: At least one attempt; all are of one run.
    /// - Throws: ``RunLookupError`` if none or several are meant, or what SQLite says.
    package func run(matching text: String) async throws -> [AttemptRecord] {
        try await database.read { database in
            if let attempt = try AttemptRecord.fetchOne(database, key: text) { return [attempt] }
            if let run = try Self.runID(text, in: database) { return try Self.attempts(ofRun: run, in: database) }
            if let dot = text.lastIndex(of: "."), let number = Int(text[text.index(after: dot)...]),
                let run = try Self.runID(String(text[..<dot]), in: database)
            {
                let attempts = try Self.attempts(ofRun: run, in: database)
                if let attempt = attempts.first(where: { $0.number == number }) { return [attempt] }
                throw RunLookupError.noSuchAttempt(number, runID: run, last: attempts.last?.number ?? 0)
            }
            let newest = try Self.newest(Self.told, in: database)
            if newest.isEmpty { throw RunLookupError.noRuns }
            throw RunLookupError.noSuchRun(text, newest: newest.uniqued)
        }
    }

    private static func attempts(ofRun id: String, in database: Database) throws -> [AttemptRecord] {
        try AttemptRecord.filter(sql: "run_id = ?", arguments: [id]).order(sql: "number").fetchAll(database)
    }

    /// The runs of so many newest attempts, newest first.
    private static func newest(_ count: Int, in database: Database) throws -> [String] {
        let ids = "SELECT id FROM attempt INDEXED BY attempt_by_start ORDER BY started_at DESC, id DESC LIMIT ?"
        let sql = "SELECT run_id FROM attempt WHERE id IN (\(ids)) ORDER BY started_at DESC, id DESC"
        return try String.fetchAll(database, sql: sql, arguments: [count])
    }

    /// The id of the one run that is meant, or nil if none is.
    ///
    /// A whole id wins over a beginning, which wins over an end.
    private static func runID(_ text: String, in database: Database) throws -> String? {
        if text == "latest" { return try newest(1, in: database).first }
        let whole = "SELECT run_id FROM attempt WHERE run_id = ? LIMIT 1"
        if text.isEmpty { return nil }
        if let id = try String.fetchOne(database, sql: whole, arguments: [text]) { return id }
        var candidates = try String.fetchAll(
            database,
            sql: "SELECT DISTINCT run_id FROM attempt WHERE run_id > ? AND run_id < ? ORDER BY run_id DESC LIMIT ?",
            arguments: [text, text + "\u{10FFFF}", told + 1]
        )
        if candidates.isEmpty, text.unicodeScalars.count >= shortestSuffix {
            let ending = String(text.unicodeScalars.suffix(shortestSuffix))
            candidates = try String.fetchAll(
                database,
                sql: """
                    SELECT DISTINCT run_id FROM attempt INDEXED BY attempt_by_ending
                    WHERE substr(run_id, -4) = ? AND substr(run_id, ?) = ? ORDER BY run_id DESC LIMIT ?
                    """,
                arguments: [ending, -text.unicodeScalars.count, text, told + 1]
            )
        }
        guard candidates.count > 1 else { return candidates.first }
        throw RunLookupError.ambiguous(
            text,
            candidates: Array(candidates.prefix(told)),
            hasMore: candidates.count > told
        )
    }
}

extension [String] {
    /// Each once, where it stands first.
    fileprivate var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
