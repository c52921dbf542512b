import Foundation
import GRDB

extension AttemptOperations {
    /// How many sets of attributes of one metric are told apart; beyond them the names are ``NameBound/other``.
    private static let seriesBound = 1000

    /// Records which tools an attempt called.
    func record(of attemptID: String, in database: Database) throws {
        for use in tools.values {
            try database.execute(
                sql: "INSERT OR REPLACE INTO tool_use VALUES (?, ?, ?, ?, ?)",
                arguments: [attemptID, use.tool, use.calls, use.errors, use.denied]
            )
        }
    }

    /// Keeps it for an attempt that runs, so that it is not lost with the program.
    func keep(forOpen attemptID: String, in database: Database) throws {
        let encoder = JSONEncoder()
        // What has no values has neither a least nor a greatest one.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        try database.execute(
            sql: "INSERT OR REPLACE INTO open_operations VALUES (?, ?)",
            arguments: [attemptID, try encoder.encode(self)]
        )
    }

    /// Reads what was kept for an attempt that runs, or nothing.
    ///
    /// What another version has kept in a form of its own is nothing too: it is of less weight than that the attempt can be
    /// closed.
    init(ofOpen attemptID: String, in database: Database) throws {
        let sql = "SELECT operations FROM open_operations WHERE attempt_id = ?"
        guard let data = try Data.fetchOne(database, sql: sql, arguments: [attemptID]) else {
            self.init()
            return
        }
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        self = (try? decoder.decode(Self.self, from: data)) ?? Self()
    }

    /// Removes what was kept for an attempt that has ended.
    static func forget(open attemptID: String, in database: Database) throws {
        try database.execute(sql: "DELETE FROM open_operations WHERE attempt_id = ?", arguments: [attemptID])
    }

    /// Adds everything to the running totals.
    func addToTotals(in database: Database) throws {
        for use in tools.values { try use.addToTotal(in: database) }
        for (kind, responses) in responses {
            let attributes = kind.attributes
            // Where nobody told the tokens, there is no value.
            for (type, tokens) in [("input", responses.inputTokens), ("output", responses.outputTokens)]
            where tokens.count > 0 {
                let ofType = attributes.filter { $0.key != "error.type" }.merging(["gen_ai.token.type": type]) { $1 }
                try Self.add(tokens, to: .tokenUsage, ofType, in: database)
            }
            try Self.add(responses.seconds, to: .responseDuration, attributes, in: database)
        }
        for (kind, seconds) in toolSeconds {
            try Self.add(seconds, to: .toolDuration, kind.attributes, in: database)
        }
    }

    private static func add(
        _ values: Distribution,
        to metric: OperationMetric,
        _ attributes: [String: String],
        in database: Database
    ) throws {
        var text = try json(attributes)
        var row = try self.row(of: metric, text, in: database)
        if row == nil {
            let count = try database.cachedStatement(sql: "SELECT COUNT(*) FROM distribution WHERE metric = ?")
            if try Int.fetchOne(count, arguments: [metric.rawValue]) ?? 0 >= seriesBound {
                var attributes = attributes
                for name in freeNames where attributes[name] != nil { attributes[name] = NameBound.other }
                text = try json(attributes)
                row = try self.row(of: metric, text, in: database)
            }
        }
        var total =
            try row.flatMap { try Distribution($0, bounds: metric.bounds) } ?? Distribution(bounds: metric.bounds)
        total.add(values)
        try total.write(metric, attributes: text, in: database)
    }

    /// The attributes whose values a stream brings.
    private static let freeNames = [
        "gen_ai.request.model", "gen_ai.response.model", "gen_ai.tool.name", "gen_ai.provider.name", "error.type",
    ]

    private static func row(of metric: OperationMetric, _ attributes: String, in database: Database) throws -> Row? {
        let row = try database.cachedStatement(
            sql: "SELECT * FROM distribution WHERE metric = ? AND attributes = ?"
        )
        return try Row.fetchOne(row, arguments: [metric.rawValue, attributes])
    }

    /// Attributes as the table has them: the same text for the same attributes.
    private static func json(_ attributes: [String: String]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(attributes), as: UTF8.self)
    }
}

extension AttemptOperations.ResponseKind {
    /// The attributes of the GenAI conventions.
    fileprivate var attributes: [String: String] {
        var attributes = [
            "gen_ai.operation.name": "chat", "gen_ai.provider.name": provider, "gen_ai.response.model": model,
        ]
        attributes["gen_ai.request.model"] = requestModel
        attributes["error.type"] = errorType
        return attributes
    }
}

extension AttemptOperations.ToolKind {
    fileprivate var attributes: [String: String] {
        var attributes = ["gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": tool]
        attributes["error.type"] = errorType
        return attributes
    }
}

extension ToolUse {
    /// Adds it to the total of its tool, or of the others if there are too many tools.
    fileprivate func addToTotal(in database: Database) throws {
        let isKnown = "SELECT EXISTS (SELECT 1 FROM tool_total WHERE tool = ?)"
        var tool = tool
        if try Bool.fetchOne(database, sql: isKnown, arguments: [tool]) != true,
            try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM tool_total") ?? 0 >= NameBound.count
        {
            tool = NameBound.other
        }
        try database.execute(
            sql: """
                INSERT INTO tool_total VALUES (?, ?, ?, ?) ON CONFLICT (tool) DO UPDATE SET
                    calls = calls + excluded.calls, errors = errors + excluded.errors, denied = denied + excluded.denied
                """,
            arguments: [tool, calls, errors, denied]
        )
    }
}

extension AttemptRecord {
    /// Records the attempt as the newest one of its status and bucket of the duration histogram: its exemplar.
    func recordDurationExample(in database: Database) throws {
        guard let end, let traceID else { return }
        let bucket = Distribution.bucket(of: Double(end.milliseconds) / 1000, JournalTotals.durationBounds)
        try database.execute(
            sql: "INSERT OR REPLACE INTO duration_example VALUES (?, ?, ?, ?, ?)",
            arguments: [end.status, bucket, traceID, end.milliseconds, end.at.unixMilliseconds]
        )
    }
}
