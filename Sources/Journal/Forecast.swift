import GRDB

/// What the attempts at similar tasks let expect of the next one.
package struct Forecast: Sendable, Equatable {
    /// Which attempts it is made of.
    package enum Basis: String, Sendable {
        /// Those at the same task of the same plan.
        case task
        /// Those at any task of the same plan.
        case plan
        /// Those of the same agent with the same choice of a model.
        case agent
    }

    package var basis: Basis
    /// How many attempts there were, at most the newest 50.
    package var attempts: Int
    /// Those of them that were completed.
    package var completed: Int
    /// The median of what they took, in milliseconds.
    package var milliseconds: Int
    /// The median of what they cost in USD; nil where no cost is known.
    package var costUSD: Double?
}

extension Forecast {
    /// From how many attempts on something is said.
    private static let least = 3

    fileprivate init?(_ basis: Basis, _ rows: [Row]) {
        guard rows.count >= Self.least else { return nil }
        self.basis = basis
        attempts = rows.count
        completed = rows.count { $0["status"] == "completed" }
        milliseconds = Int(Self.median(rows.map { $0["duration_ms"] }) ?? 0)
        costUSD = Self.median(rows.compactMap { $0["cost_usd"] })
    }

    private static func median(_ values: [Double]) -> Double? {
        let sorted = values.sorted()
        guard let upper = sorted.indices.contains(sorted.count / 2) ? sorted[sorted.count / 2] : nil else { return nil }
        return sorted.count.isMultiple(of: 2) ? (sorted[sorted.count / 2 - 1] + upper) / 2 : upper
    }
}

extension Journal {
    /// What to expect of an attempt, by the nearest attempts of which there are enough; nil without history.
    ///
    /// Only attempts with an end count, and no replays.
    ///
    /// - Parameters:
    ///   - planPath: The plan's absolute path.
    ///   - taskID: The task's id.
    ///   - agent: The agent's name.
    ///   - model: The model that is asked for; nil is the agent's default.
    /// - Returns: The forecast, and nil if there are less than three attempts of any kind.
    /// - Throws: What SQLite says.
    package func forecast(planPath: String, taskID: String, agent: String, model: String?) async throws -> Forecast? {
        try await database.read { database in
            let ofPlan = """
                FROM attempt INDEXED BY attempt_history
                WHERE plan_path = ? AND ended_at IS NOT NULL AND NOT replayed
                """
            let task = try Self.newest("\(ofPlan) AND task_id = ?", [planPath, taskID], in: database)
            if let forecast = Forecast(.task, task) { return forecast }
            if let forecast = Forecast(.plan, try Self.newest(ofPlan, [planPath], in: database)) { return forecast }
            // However seldom an agent worked, no more than these are looked at.
            let recent = """
                FROM attempt WHERE id IN (
                    SELECT id FROM attempt INDEXED BY attempt_by_start ORDER BY started_at DESC LIMIT 500
                )
                AND agent = ? AND task_options ->> 'model' IS ? AND ended_at IS NOT NULL AND NOT replayed
                """
            return Forecast(.agent, try Self.newest(recent, [agent, model], in: database))
        }
    }

    /// The newest attempts out of a source, with what a forecast is made of.
    private static func newest(_ source: String, _ arguments: StatementArguments, in database: Database) throws -> [Row]
    {
        let ids = "SELECT id \(source) ORDER BY started_at DESC LIMIT 50"
        let sql = "SELECT status, duration_ms, cost_usd FROM attempt WHERE id IN (\(ids))"
        return try Row.fetchAll(database, sql: sql, arguments: arguments)
    }
}
