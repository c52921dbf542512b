package import Foundation
import GRDB

/// One look at the health of all that the program needs: a row of the table `health_check`.
package struct HealthCheckRecord: Sendable, Equatable {
    /// What a look came to: the words of the counter's attribute `status`.
    package enum Status: String, Sendable, CaseIterable {
        /// Everything works.
        case ok
        /// Something does not.
        case failing
    }

    /// When it was.
    package var at: Date
    /// What it came to.
    package var status: Status
    /// Each check and what it found, in JSON.
    package var checks: String

    package init(at: Date, status: Status, checks: String) {
        self.at = at
        self.status = status
        self.checks = checks
    }
}

extension Journal {
    /// Records a look at the health; it counts in the totals.
    package func recordHealthCheck(_ record: HealthCheckRecord) async throws {
        try await database.write { database in
            try database.execute(
                sql: "INSERT INTO health_check (at, status, checks) VALUES (?, ?, ?)",
                arguments: [record.at.unixMilliseconds, record.status.rawValue, record.checks]
            )
        }
    }
}
