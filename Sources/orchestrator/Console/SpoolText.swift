import OTelSDK

extension Console {
    /// Prints what waits in the spool.
    func print(_ spool: TelemetrySpool, directory: String) {
        print(line: "Spool:   \(directory) (\(Self.bytes(spool.bytes)))")
        let age = spool.oldestAge.map { ", the oldest for \(Self.age($0))" } ?? ""
        let items = Self.items(spool.spans, spool.logRecords)
        print(line: "Waiting: \(items) in \(Self.counted(spool.requests, "request"))\(age)")
        if !spool.killedProcesses.isEmpty {
            let items = Self.items(spool.spansOfKilledProcesses, spool.logRecordsOfKilledProcesses)
            let runs = Self.counted(spool.killedProcesses.count, "run")
            print(line: "Killed:  \(runs) left \(items), which the next run or flush sends")
        }
        if !spool.livingProcesses.isEmpty {
            let processes = spool.livingProcesses.map(String.init).joined(separator: ", ")
            print(line: "In use:  by the processes \(processes)")
        }
        if spool.damagedFiles > 0 {
            print(line: "Damaged: \(spool.damagedFiles) files, set aside; they are never sent and may be deleted")
        }
    }

    /// Prints what a flush did.
    func print(_ report: ShutdownReport, left: TelemetrySpool, endpoint: String) {
        print(line: "Sent:    \(Self.items(report.resentSpans, report.resentLogRecords)) to \(endpoint)")
        let refused = report.resentRejectedSpans + report.resentRejectedLogRecords
        if refused > 0 { print(line: "Refused: \(refused) by the collector, for good") }
        guard left.isWaiting else {
            print(line: "Waiting: nothing")
            return
        }
        let reason = report.undelivered.map { " (\($0))" } ?? ""
        let items = Self.items(
            left.spans + left.spansOfKilledProcesses,
            left.logRecords + left.logRecordsOfKilledProcesses
        )
        print(line: "Waiting: \(items)\(reason)")
    }

    private static func items(_ spans: Int, _ logRecords: Int) -> String {
        let logs = logRecords == 0 ? "" : " and \(counted(logRecords, "log record"))"
        return counted(spans, "span") + logs
    }

    /// A number with its noun, such as `2 spans`.
    static func counted(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    /// A size in the largest unit that is not larger.
    static func bytes(_ count: Int) -> String {
        switch count {
        case ..<1024: "\(count) bytes"
        case ..<(1 << 20): "\(count >> 10) KiB"
        default: "\(count >> 20) MiB"
        }
    }

    private static func age(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        switch seconds {
        case ..<120: return "\(seconds) s"
        case ..<7200: return "\(seconds / 60) min"
        case ..<172_800: return "\(seconds / 3600) h"
        default: return "\(seconds / 86_400) days"
        }
    }
}

/// The spool as `telemetry status --json` prints it.
struct SpoolListing: Encodable {
    var directory: String
    var requests: Int
    var spans: Int
    var logRecords: Int
    var bytes: Int
    var oldestAgeSeconds: Double?
    var damagedFiles: Int
    var livingProcesses: [Int32]
    var killedProcesses: [Int32]
    var spansOfKilledProcesses: Int
    var logRecordsOfKilledProcesses: Int

    init(_ spool: TelemetrySpool, directory: String) {
        self.directory = directory
        requests = spool.requests
        spans = spool.spans
        logRecords = spool.logRecords
        bytes = spool.bytes
        oldestAgeSeconds = spool.oldestAge.map { $0 / .seconds(1) }
        damagedFiles = spool.damagedFiles
        livingProcesses = spool.livingProcesses
        killedProcesses = spool.killedProcesses
        spansOfKilledProcesses = spool.spansOfKilledProcesses
        logRecordsOfKilledProcesses = spool.logRecordsOfKilledProcesses
    }

    enum CodingKeys: String, CodingKey {
        case directory
        case requests
        case spans
        case logRecords = "log_records"
        case bytes
        case oldestAgeSeconds = "oldest_age_seconds"
        case damagedFiles = "damaged_files"
        case livingProcesses = "living_processes"
        case killedProcesses = "killed_processes"
        case spansOfKilledProcesses = "spans_of_killed_processes"
        case logRecordsOfKilledProcesses = "log_records_of_killed_processes"
    }
}

/// What a flush did, as `telemetry flush --json` prints it.
struct FlushListing: Encodable {
    var endpoint: String
    var sentSpans: Int
    var sentLogRecords: Int
    var refused: Int
    var waitingSpans: Int
    var waitingLogRecords: Int
    var reason: String?

    init(_ report: ShutdownReport, left: TelemetrySpool, endpoint: String) {
        self.endpoint = endpoint
        sentSpans = report.resentSpans
        sentLogRecords = report.resentLogRecords
        refused = report.resentRejectedSpans + report.resentRejectedLogRecords
        waitingSpans = left.spans + left.spansOfKilledProcesses
        waitingLogRecords = left.logRecords + left.logRecordsOfKilledProcesses
        reason = left.isWaiting ? report.undelivered : nil
    }

    enum CodingKeys: String, CodingKey {
        case endpoint
        case sentSpans = "sent_spans"
        case sentLogRecords = "sent_log_records"
        case refused
        case waitingSpans = "waiting_spans"
        case waitingLogRecords = "waiting_log_records"
        case reason
    }
}
