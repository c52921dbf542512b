import Dispatch
import Foundation
import GRDB
import Synchronization
import Testing

@testable import Journal

@Suite("A new journal")
struct OpeningTests {
    @Test("Those who make it at the same moment all get it")
    func atOnce() {
        for _ in 0..<20 {
            let state = StateDirectory()
            let problems = Mutex<[String]>([])
            DispatchQueue.concurrentPerform(iterations: 8) { _ in
                do {
                    _ = try Journal(directory: state.path)
                } catch {
                    problems.withLock { $0.append("\(error)") }
                }
            }
            #expect(problems.withLock { $0 } == [])
        }
    }

    @Test("Every commit is on the disk, and the mode is write-ahead, also at the second opening")
    func durability() async throws {
        let state = StateDirectory()
        for _ in 0..<2 {
            let journal = try Journal(directory: state.path)
            let pragmas = try await journal.database.read { database in
                try ["journal_mode", "synchronous", "foreign_keys"].map { name in
                    try String.fetchOne(database, sql: "PRAGMA \(name)")
                }
            }
            #expect(pragmas == ["wal", "2", "1"])
        }
    }

    @Test("An opening that finds all in place writes nothing")
    func idle() throws {
        let state = StateDirectory()
        _ = try Journal(directory: state.path)
        let before = try Data(contentsOf: URL(fileURLWithPath: state.path + "/journal.db"))
        _ = try Journal(directory: state.path)
        #expect(try Data(contentsOf: URL(fileURLWithPath: state.path + "/journal.db")) == before)
    }
}
