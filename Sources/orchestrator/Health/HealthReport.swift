import Foundation
import Journal
import Runner

/// All that health found, as `orchestrator health` prints it.
struct HealthReport: Sendable {
    /// When it was.
    var at: Date
    /// The checks that were asked for, in their order.
    var checks: [HealthCheck]
    /// Whether they were asked for by name; then each of them counts.
    var isByName: Bool

    /// Whether a task could run, or what was asked for by name is in order.
    var status: HealthCheckRecord.Status {
        let bad = checks.contains { check in
            (check.name.isNeeded || isByName) && (check.status == .failing || isByName && check.status == .skipped)
        }
        return bad ? .failing : .ok
    }
}

extension HealthReport: Encodable {
    private enum CodingKeys: String, CodingKey {
        case schemaVersion = "schema_version"
        case status
        case timestamp
        case sandbox
        case agent
        case credential
        case collector
        case journal
        case spool
        case checks
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(1, forKey: .schemaVersion)
        try container.encode(status.rawValue, forKey: .status)
        try container.encode(at.formatted(.iso8601), forKey: .timestamp)
        for name in HealthCheckName.allCases {
            guard let key = CodingKeys(rawValue: name.rawValue) else { continue }
            try container.encode(checks.first { $0.name == name }?.word, forKey: key)
        }
        try container.encode(checks, forKey: .checks)
    }
}

extension HealthCheck: Encodable {
    private enum CodingKeys: String, CodingKey {
        case name
        case status
        case detail
        case remedy
        case duration = "duration_seconds"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name.rawValue, forKey: .name)
        try container.encode(status.rawValue, forKey: .status)
        try container.encode(detail, forKey: .detail)
        try container.encode(remedy, forKey: .remedy)
        try container.encode(Double(duration.inMilliseconds) / 1000, forKey: .duration)
    }
}
