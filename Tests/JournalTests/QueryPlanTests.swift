import Foundation
import GRDB
import Synchronization
import Testing

@testable import Journal

@Suite("No question reads every attempt")
struct QueryPlanTests {
    /// What SQLite does for each statement that a question consists of.
    private func plans(_ question: (Journal) async throws -> Void) async throws -> [String] {
        let state = StateDirectory()
        let journal = try Journal(directory: state.path)
        try await journal.begin(.at("r1.1"))
        try await journal.finish(.at("r1.1").ended("needs_human"), usage: [.stub("r1.1")])
        let statements = Mutex<[String]>([])
        try await journal.database.write { database in
            database.trace { event in
                let sql = event.expandedDescription
                statements.withLock { if sql.hasPrefix("SELECT") || sql.hasPrefix("WITH") { $0.append(sql) } }
            }
        }
        try await question(journal)
        return try await journal.database.write { database in
            database.trace()
            let asked = statements.withLock { $0 }.filter { !$0.contains("sqlite_master") }
            return try asked.flatMap { sql in
                try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + sql).map { "\($0["detail"] as String): \(sql)" }
            }
        }
    }

    /// Reads of the table itself, row by row, or of an index without its being all that is needed.
    private func scans(_ plans: [String]) -> [String] {
        plans.filter {
            $0.hasPrefix("SCAN attempt") && !$0.contains("COVERING") && !$0.hasPrefix("SCAN attempt USING INDEX")
        }
    }

    @Test("Lists, runs, questions, sums and beginnings are answered from indexes")
    func indexes() async throws {
        let questions: [(name: String, ask: (Journal) async throws -> Void)] = [
            ("list", { _ = try await $0.attempts(newest: 20) }),
            ("filter", { _ = try await $0.attempts(newest: 2, plan: "p", taskID: "1.1", status: "failed") }),
            ("running", { _ = try await $0.attempts(newest: 20, status: "running") }),
            ("id", { _ = try await $0.run(matching: "r1") }),
            ("nothing", { _ = try? await $0.run(matching: "nothing.7") }),
            ("latest", { _ = try await $0.run(matching: "latest") }),
            ("open", { _ = try await $0.openAttempts() }),
            ("questions", { _ = try await $0.openQuestions() }),
            ("attempt", { _ = try await $0.usage(ofAttempt: "r1.1") }),
            ("session", { _ = try await $0.usage(ofSession: "s") }),
            ("cost", { _ = try await $0.cost(since: .distantPast) }),
            ("costs by day", { _ = try await $0.costs(by: .day) { $0..<$0 + 1 } }),
            ("costs by task", { _ = try await $0.costs(by: .task, since: .distantPast) { $0..<$0 + 1 } }),
            ("costs by model", { _ = try await $0.costs(by: .model) { $0..<$0 + 1 } }),
            ("forecast", { _ = try await $0.forecast(planPath: "p", taskID: "1", agent: "a", model: nil) }),
            ("tools", { _ = try await $0.toolUse(ofAttempt: "r1.1") }),
            ("totals", { _ = try $0.totals() }),
            ("begin", { try await $0.begin(.at("r1.2", continues: "r1.1")) }),
            ("progress", { _ = try? await $0.progress("r1.1", usage: []) }),
        ]
        for (name, ask) in questions {
            let plans = try await plans(ask)
            #expect(!plans.isEmpty, "\(name)")
            #expect(scans(plans) == [], "\(name)")
            #expect(plans.allSatisfy { !$0.hasPrefix("SCAN usage") || name == "totals" }, "\(name): \(plans)")
        }
    }

    @Test("A question that does read every attempt would be found")
    func counterexample() async throws {
        let plans = try await plans { journal in
            _ = try journal.database.read { try Row.fetchAll($0, sql: "SELECT * FROM attempt WHERE cause = 'c'") }
        }
        #expect(scans(plans).count == 1)
    }
}
