import OTelSDK

extension Console {
    /// Says where the telemetry is.
    func print(_ report: ShutdownReport, endpoint: String, stateDirectory: String) {
        let isLost = report.dropped + report.droppedFromSpool + report.rejected > 0
        if detail == .quiet, !isLost { return }
        var sentences: [String] = []
        if report.delivered > 0 { sentences.append("\(report.delivered) spans sent to \(endpoint)") }
        if report.spooled > 0 {
            let reason = report.undelivered.map { " (\($0))" } ?? ""
            sentences.append(
                "\(report.spooled) spans kept in \(stateDirectory)/spool, they leave with the next run\(reason)"
            )
        }
        if report.rejected > 0 { sentences.append("\(report.rejected) spans refused by the collector") }
        if report.dropped > 0 { sentences.append("\(report.dropped) spans lost: \(report.undelivered ?? "no room")") }
        if report.droppedFromSpool > 0 {
            sentences.append("\(report.droppedFromSpool) kept spans lost, the spool is full")
        }
        if report.corruptSpoolFiles > 0 {
            sentences.append("\(report.corruptSpoolFiles) spool files unreadable, set aside")
        }
        if report.resentRejectedSpans > 0 {
            sentences.append("\(report.resentRejectedSpans) spans of earlier runs refused by the collector")
        }
        if report.resentSpans > 0 { sentences.append("\(report.resentSpans) spans of earlier runs sent") }
        if report.metricRequestsDelivered == 0, report.metricRequestsFailed > 0, report.delivered > 0 {
            sentences.append("metrics not taken, the next run sends them anew")
        }
        guard !sentences.isEmpty else { return }
        let line = "Telemetry: " + sentences.joined(separator: "; ") + "."
        if report.delivered == report.ended { printDetail(line) } else { print(warning: Self.indent + line) }
    }
}
