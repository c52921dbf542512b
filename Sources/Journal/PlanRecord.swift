package import Foundation
package import GRDB

/// A plan's content as attempts worked on it: a row of the table `plan`, one for each hash.
package struct PlanRecord: Sendable, Equatable, FetchableRecord, PersistableRecord {
    package static let databaseTableName = "plan"

    /// The hash of the content.
    package var hash: String
    /// The absolute path at which it was first seen.
    package var path: String
    /// The file's bytes.
    package var content: Data
    /// When it was first seen.
    package var firstSeen: Date

    package init(hash: String, path: String, content: Data, firstSeen: Date) {
        self.hash = hash
        self.path = path
        self.content = content
        self.firstSeen = firstSeen
    }

    package init(row: Row) {
        self.init(
            hash: row["hash"],
            path: row["path"],
            content: row["content"],
            firstSeen: Date(unixMilliseconds: row["first_seen"])
        )
    }

    package func encode(to container: inout PersistenceContainer) {
        container["hash"] = hash
        container["path"] = path
        container["content"] = content
        container["first_seen"] = firstSeen.unixMilliseconds
    }
}
