import Foundation
import GRDB

/// A database that a released version made, with rows of all kinds, out of its dump.
func released(_ version: String, in state: StateDirectory) throws {
    let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../Fixtures/journal-\(version).sql")
    try FileManager.default.createDirectory(atPath: state.path, withIntermediateDirectories: true)
    let queue = try DatabaseQueue(path: state.path + "/journal.db")
    let sql = try String(contentsOf: fixture, encoding: .utf8)
    try queue.inDatabase { try $0.execute(sql: sql) }
    try queue.close()
}
