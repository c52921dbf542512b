package import Foundation
import GRDB

/// By what costs are summed up.
package enum CostGrouping: String, Sendable, CaseIterable {
    case day
    case plan
    case task
    case model

    /// What the rows of one sum have in common, in SQL.
    fileprivate var keys: [String] {
        switch self {
        case .day: []
        case .plan: ["IFNULL(plan_path, plan_file)"]
        case .task: ["IFNULL(plan_path, plan_file)", "task_id"]
        case .model: ["usage.model"]
        }
    }
}

/// What attempts have used together.
package struct CostSum: Sendable, Equatable {
    /// When the day began, in sums by day.
    package var day: Date?
    /// What the attempts have in common: the plan, the plan and the task, or the model; nothing in sums by day.
    package var keys: [String] = []
    /// How many attempts there were, those that run included.
    package var attempts = 0
    /// Those of them whose usage is an estimate, because the agent could not tell it, or has not yet.
    package var estimated = 0
    /// What they used.
    package var usage = JournalTotals.ModelTotals()
}

extension Journal {
    /// What all attempts have used that began at this time or later, those that run included, replays not.
    ///
    /// - Parameters:
    ///   - grouping: By what it is summed up.
    ///   - since: From when on; nil means from the beginning.
    ///   - day: The day in which a moment lies, by the calendar of the machine.
    /// - Returns: Days in their order, else what cost most first; and the sum of all.
    /// - Throws: What SQLite says.
    package func costs(
        by grouping: CostGrouping,
        since: Date? = nil,
        day: @escaping @Sendable (Date) -> Range<Date>
    ) async throws -> (sums: [CostSum], total: CostSum) {
        let all = (since?.unixMilliseconds ?? 0)..<Int64.max
        return try await database.read { database in
            let total = try CostQuery(keys: []).sums(in: all, database).first ?? CostSum()
            guard grouping == .day else {
                let sums = try CostQuery(keys: grouping.keys).sums(in: all, database)
                return (sums.sorted(by: Self.isDearer), total)
            }
            var (sums, rest): ([CostSum], Range<Int64>) = ([], all)
            // Day after day, since only the calendar knows how long each is; those without attempts are passed over.
            while let first = try CostQuery.first(in: rest, database) {
                let limits = day(Date(unixMilliseconds: first))
                let end = max(limits.upperBound.unixMilliseconds, first + 1)
                if var sum = try CostQuery(keys: []).sums(in: rest.lowerBound..<end, database).first {
                    sum.day = limits.lowerBound
                    sums.append(sum)
                }
                rest = end..<Int64.max
            }
            return (sums, total)
        }
    }

    /// What costs the same is in the order of its keys.
    private static func isDearer(_ one: CostSum, _ other: CostSum) -> Bool {
        guard one.usage.costUSD == other.usage.costUSD else { return one.usage.costUSD > other.usage.costUSD }
        return one.keys.lexicographicallyPrecedes(other.keys)
    }
}

/// The questions whose answers make a sum: how many attempts, how many estimates, how many tokens.
private struct CostQuery {
    var keys: [String]

    /// The attempts of a time, as all questions name them.
    private static let range = "started_at >= ? AND started_at < ? AND NOT replayed"
    private static let byStart = "FROM attempt INDEXED BY attempt_by_start"
    private static let estimates = "FROM attempt INDEXED BY attempt_estimated"
    private static let usage = "CROSS JOIN usage ON usage.attempt_id = attempt.id"

    private var isByModel: Bool { keys.contains("usage.model") }

    /// When the first attempt of a time began.
    static func first(in times: Range<Int64>, _ database: Database) throws -> Int64? {
        try Int64.fetchOne(
            database.cachedStatement(
                sql: "SELECT started_at \(byStart) WHERE \(range) ORDER BY started_at LIMIT 1"
            ),
            arguments: [times.lowerBound, times.upperBound]
        )
    }

    /// The sums of a time; none where nothing began.
    func sums(in times: Range<Int64>, _ database: Database) throws -> [CostSum] {
        var sums: [[String]: CostSum] = [:]
        let join = isByModel ? Self.usage : ""
        try read("COUNT(*) AS n", "\(Self.byStart) \(join) WHERE \(Self.range)", times, database) { keys, row in
            let count: Int = row["n"]
            if count > 0 { sums[keys] = CostSum(keys: keys, attempts: count) }
        }
        let estimated = "\(Self.estimates) \(join) WHERE \(Self.range) AND (cost_estimated OR ended_at IS NULL)"
        try read("COUNT(*) AS n", estimated, times, database) { keys, row in
            sums[keys]?.estimated = row["n"]
        }
        let used = "\(Self.byStart) \(Self.usage) WHERE \(Self.range)"
        try read(JournalTotals.ModelTotals.sums, used, times, database) { keys, row in
            sums[keys]?.usage = JournalTotals.ModelTotals(row: row)
        }
        return Array(sums.values)
    }

    private func read(
        _ columns: String,
        _ source: String,
        _ times: Range<Int64>,
        _ database: Database,
        _ body: ([String], Row) -> Void
    ) throws {
        let group = keys.isEmpty ? "" : "GROUP BY " + keys.joined(separator: ", ")
        let names = keys.indices.map { "key\($0)" }
        let selected = zip(keys, names).map { "\($0) AS \($1)" } + [columns]
        let sql = "SELECT \(selected.joined(separator: ", ")) \(source) \(group)"
        let rows = try Row.fetchCursor(
            database.cachedStatement(sql: sql),
            arguments: [times.lowerBound, times.upperBound]
        )
        while let row = try rows.next() { body(names.map { row[$0] }, row) }
    }
}
