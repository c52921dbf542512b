import Foundation
import OTLPWire

extension ExportTraceRequest: ReceivedRequest {
    var lines: [StyledText] {
        scopes.flatMap(\.spans)
            .map { span in
                var line = ReceivedLine(time: span.endTime, resource.serviceName, "span")
                line.add(name: span.name)
                line.add(SpanTime.text(nanoseconds: span.length), .bold)
                if let word = span.errorWord { line.add("✘ \(word)", .red) }
                for event in span.events { line.add("◆ \(event.name)", .yellow) }
                line.add(span.attributes)
                return line.text
            }
    }

    func count(in counts: inout TelemetryReceiver.Counts) {
        let spans = scopes.flatMap(\.spans)
        counts.spans += spans.count
        counts.errors += spans.count(where: \.isError)
    }
}

extension ExportMetricsRequest: ReceivedRequest {
    var lines: [StyledText] {
        scopes.flatMap(\.metrics)
            .flatMap { metric in
                metric.points.map { point in
                    var line = ReceivedLine(time: point.time, resource.serviceName, "metric")
                    line.add(name: metric.name)
                    line.add(point.value, .bold)
                    line.add(point.attributes)
                    return line.text
                }
            }
    }

    func count(in counts: inout TelemetryReceiver.Counts) {
        counts.points += scopes.flatMap(\.metrics).reduce(0) { $0 + $1.data.pointCount }
    }
}

extension ExportLogsRequest: ReceivedRequest {
    var lines: [StyledText] {
        scopes.flatMap(\.records)
            .map { record in
                let time = record.time == 0 ? record.observedTime : record.time
                var line = ReceivedLine(time: time, resource.serviceName, "log")
                line.add(name: record.title)
                switch record.severityNumber {
                case 17...: line.add("✘ " + record.severityWord, .red)
                case 13...16: line.add(record.severityWord, .yellow)
                case 1...12: line.add(record.severityWord)
                default: if !record.severityText.isEmpty { line.add(record.severityText) }
                }
                if record.tellsFailure, record.severityNumber < 17 { line.add("✘ failed", .red) }
                let body = record.body.words
                // Claude Code's bodies are the events' names once more, with its own in front.
                let isName = body == record.title || body.hasSuffix("." + record.title)
                if !isName { line.add(body, .bold) }
                line.add(record.attributes)
                return line.text
            }
    }

    func count(in counts: inout TelemetryReceiver.Counts) { counts.logs += scopes.reduce(0) { $0 + $1.records.count } }
}

/// A line as it is put together: time, service, signal, name, and then what there is.
private struct ReceivedLine {
    private(set) var text: StyledText

    init(time: UInt64, _ service: String, _ signal: String) {
        let milliseconds = String(time / 1_000_000 % 1000)
        let clock = Console.timeOfDay(of: Date(timeIntervalSince1970: Double(time / 1_000_000_000)))
        text = StyledText(
            clock + "." + String(repeating: "0", count: 3 - milliseconds.count) + milliseconds + "  ",
            .faint
        )
        let service = Self.bounded(TerminalText.singleLine(service))
        text.append(service, .cyan)
        text.pad(to: 14 + max(13, service.displayWidth + 1))
        text.append(signal, signal == "span" ? .blue : signal == "metric" ? .green : .magenta)
        text.pad(to: text.displayWidth + 7 - signal.count)
    }

    /// How many characters of one text are shown: a person reads no more, and a sender may have sent megabytes.
    private static let longest = 2_000

    mutating func add(name: String) { text.append(name.isEmpty ? "(no name)" : Self.bounded(name)) }

    mutating func add(_ words: String, _ style: TextStyle = .plain) {
        text.append("  ")
        text.append(Self.bounded(words), style)
    }

    private static func bounded(_ text: String) -> String {
        text.utf8.count > longest ? text.prefix(longest) + "…" : text
    }

    /// Adds attributes, without those that a sender copies on everything.
    mutating func add(_ attributes: [Attribute]) {
        let told = attributes.filter { attribute in
            !Self.copied.contains(attribute.key) && !Self.families.contains { attribute.key.hasPrefix($0) }
        }
        if !told.isEmpty { add(told.map { Self.bounded($0.words) }.joined(separator: " "), .faint) }
    }

    private static let copied: Set = [
        "session.id", "organization.id", "terminal.type", "app.version", "event.name", "event.timestamp",
        "event.sequence", "prompt.id", "span.type",
    ]
    private static let families = ["anthropic.", "user.", "service.", "host.", "os.", "process.", "telemetry."]
}

extension LogRecord {
    /// What it is about: the event's name, else its text.
    fileprivate var title: String {
        if !eventName.isEmpty { return eventName }
        return attributes.first { $0.key == "event.name" }?.value.text ?? body.words
    }

    /// Whether it says so by an attribute, as events without a severity do.
    fileprivate var tellsFailure: Bool {
        attributes.contains { attribute in
            switch attribute.key {
            case "success": attribute.value == .bool(false) || attribute.value == .string("false")
            case "error", "error.type": attribute.value != .empty && attribute.value != .string("")
            default: false
            }
        }
    }

    /// The severity as its source has it, else as the specification names it.
    fileprivate var severityWord: String {
        guard severityText.isEmpty else { return severityText }
        let names = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]
        return names[min(max(Int(severityNumber) - 1, 0) / 4, names.count - 1)]
    }
}

extension MetricRecord {
    /// A point in words.
    fileprivate struct Point {
        var time: UInt64
        var attributes: [Attribute]
        var value: String
    }

    fileprivate var points: [Point] {
        switch data {
        case .gauge(let points):
            points.map { Point(time: $0.time, attributes: $0.attributes, value: measured($0.value.words)) }
        case .sum(let points, let isMonotonic, let temporality):
            points.map { point in
                let sign = temporality == .delta && isMonotonic ? "+" : ""
                return Point(time: point.time, attributes: point.attributes, value: sign + measured(point.value.words))
            }
        case .histogram(let points, _):
            points.map {
                let value = distribution(count: $0.count, sum: $0.sum, min: $0.min, max: $0.max)
                return Point(time: $0.time, attributes: $0.attributes, value: value)
            }
        case .exponentialHistogram(let points, _):
            points.map {
                let value = distribution(count: $0.count, sum: $0.sum, min: $0.min, max: $0.max)
                return Point(time: $0.time, attributes: $0.attributes, value: value)
            }
        }
    }

    private func distribution(count: UInt64, sum: Double?, min: Double?, max: Double?) -> String {
        var words = ["\(count) ×"]
        if let sum, count > 0 { words.append("mean " + measured((sum / Double(count)).words)) }
        if let min, let max, count > 1 { words.append("from \(min.words) to " + measured(max.words)) }
        return words.joined(separator: ", ")
    }

    /// A value with its unit; braces of UCUM's annotations are left out, and so is the unit `1`.
    private func measured(_ value: String) -> String {
        let unit = unit.filter { $0 != "{" && $0 != "}" }
        return unit.isEmpty || unit == "1" ? value : "\(value) \(unit)"
    }
}

extension NumberPoint.Value {
    fileprivate var words: String {
        switch self {
        case .int(let value): "\(value)"
        case .double(let value): value.words
        }
    }
}

extension Double {
    /// With at most six digits after the point, and none that say nothing.
    fileprivate var words: String {
        guard magnitude >= 1e-4, magnitude < 1e12 else { return self == 0 ? "0" : "\(self)" }
        let text = Console.decimal(magnitude, places: magnitude < 1000 ? 6 : 2).replacing(#/\.?0+$/#, with: "")
        return self < 0 ? "-" + text : text
    }
}
