package import GRDB

/// How often one tool was called: by one attempt, or by all of them.
package struct ToolUse: Sendable, Equatable, Codable, FetchableRecord {
    /// The tool's name.
    package var tool: String
    /// All calls.
    package var calls: Int
    /// Those that failed.
    package var errors: Int
    /// Those that were refused.
    package var denied: Int

    /// Calls that came to what they were made for.
    package var succeeded: Int { calls - errors - denied }

    package init(tool: String, calls: Int = 0, errors: Int = 0, denied: Int = 0) {
        self.tool = tool
        self.calls = calls
        self.errors = errors
        self.denied = denied
    }

    package init(row: Row) {
        self.init(tool: row["tool"], calls: row["calls"], errors: row["errors"], denied: row["denied"])
    }

    /// Counts a call; one that was refused is no error.
    mutating func add(isError: Bool, isDenied: Bool) {
        calls += 1
        if isDenied {
            denied += 1
        } else if isError {
            errors += 1
        }
    }
}

extension Journal {
    /// The tools that an attempt has called since it ended, the most called ones first.
    package func toolUse(ofAttempt id: String) async throws -> [ToolUse] {
        let sql = "SELECT * FROM tool_use WHERE attempt_id = ? ORDER BY calls DESC, tool"
        return try await database.read { try ToolUse.fetchAll($0, sql: sql, arguments: [id]) }
    }
}
