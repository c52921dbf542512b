import Foundation
import Journal
import OTLPWire

extension Console {
    /// Prints the traces of a run's attempts.
    func print(_ run: RunRecord, _ traces: [AttemptTrace], width: Int, showsEvents: Bool) {
        guard let first = run.attempts.first?.record else { return }
        var head = StyledText("Run \(run.runID)", .bold)
        head.append("  Task \(first.taskID): \(first.taskTitle)")
        print(head)
        for trace in traces {
            print(StyledText())
            print(trace, width: width, showsEvents: showsEvents)
        }
    }

    private func print(_ trace: AttemptTrace, width: Int, showsEvents: Bool) {
        let record = trace.attempt.record
        var head = StyledText("Attempt \(record.number): ", .bold)
        head.append(trace.attempt.status.uppercased(), Self.style(ofStatus: trace.attempt.status))
        guard let recording = trace.recording, !recording.spans.isEmpty else {
            head.append("  no span yet; they are kept when they end, in \(trace.file)")
            return print(head)
        }
        let tree = TraceTree(recording)
        let errors = tree.errors == 0 ? "" : ", \(Self.counted(tree.errors, "error"))"
        let start = Self.timeOfDay(of: Date(timeIntervalSince1970: Double(tree.start) / 1e9))
        let length = SpanTime.text(nanoseconds: tree.length)
        head.append("  \(Self.counted(tree.rows.count, "span"))\(errors), \(length) from \(start)")
        print(head)
        if let id = trace.traceID { print(StyledText("Trace \(id)", .faint)) }
        for line in Waterfall(tree, width: width, showsEvents: showsEvents).lines { print(line) }
        for note in Self.notes(on: tree, recording, of: trace, showsEvents: showsEvents) {
            print(StyledText(note, .faint))
        }
    }

    /// What is to be known to read the tree rightly.
    private static func notes(
        on tree: TraceTree,
        _ recording: TraceRecording,
        of trace: AttemptTrace,
        showsEvents: Bool
    ) -> [String] {
        var notes: [String] = []
        let orphans = tree.rows.filter(\.isOrphan)
        if orphans.contains(where: \.span.hasRemoteParent) {
            notes.append("↗ joined a trace from outside, whose span is not in this record")
        }
        let lost = orphans.count { !$0.span.hasRemoteParent }
        if lost > 0 {
            let why = trace.attempt.isAlive ? "it has not ended yet" : "it never ended here, or is of another program"
            notes.append("↖ \(lost == 1 ? "has a parent" : "have parents") not in this record: \(why)")
        }
        let events = recording.spans.reduce(0) { $0 + $1.span.events.count }
        if events > 0, !showsEvents {
            notes.append("◆ \(counted(events, "event")) within the spans; -v shows \(events == 1 ? "it" : "them")")
        }
        if recording.isCut { notes.append("The last line of \(trace.file) has no end and is left out.") }
        if recording.brokenLines > 0 {
            let lines = recording.brokenLines == 1 ? "line is" : "lines are"
            notes.append("\(recording.brokenLines) \(lines) not OTLP JSON and left out.")
        }
        if recording.omitted > 0 {
            notes.append("\(counted(recording.omitted, "span")) beyond \(TraceRecording.maximumSpans) left out.")
        }
        return notes
    }

    private static func style(ofStatus status: String) -> TextStyle {
        switch status {
        case "completed": .green
        case "failed": .red
        default: .yellow
        }
    }
}
