import Foundation

/// An OTLP receiver that is not ours (Tests/Support/otlp_receiver.py), and what it got.
struct Receiver: Sendable {
    /// A span as it arrived.
    struct Span: Sendable {
        var name: String
        var traceID: String
        var spanID: String
        var parentID: String?
        var kind: String
        var isError: Bool
        /// Nanoseconds since 1970.
        var start: UInt64
        var end: UInt64
        /// The names of its events.
        var events: [String]
        var attributes: [String: JSON]
        var resource: [String: JSON]
    }

    /// A counter's point as it arrived.
    struct Point: Sendable {
        var value: Double
        var start: String
        var unit: String
    }

    let server: Server
    private let store: String
    private let directory: Place

    /// Starts one that answers by a script: the text of a JSON object, see its help.
    init(script: String? = nil) async throws {
        directory = try Place(collector: nil)
        store = directory.directory + "/requests.jsonl"
        try Data().write(to: URL(filePath: store))
        var arguments = ["--store", store]
        if let script { arguments += ["--script", try directory.write(script, to: "script.json")] }
        server = try await Server("otlp_receiver.py", arguments, files: directory.directory)
    }

    /// One for all tests that need nothing special; they tell their own data by trace and by instance.
    static var shared: Receiver { get async throws { try await common.value } }

    private static let common = Task { try await Receiver() }

    /// All requests of a signal that arrived so far, whatever they were answered.
    ///
    /// A text that they must contain is looked for before they are parsed.
    func requests(_ signal: String, containing text: String = "") throws -> [JSON] {
        try Data(contentsOf: URL(filePath: store)).split(separator: 0x0A)
            .filter { text.isEmpty || $0.range(of: Data(text.utf8)) != nil }
            .map { try JSON($0) }.filter { $0["signal"] == .string(signal) }
    }

    /// The spans of one trace, as far as they arrived.
    func spans(ofTrace id: String?) throws -> [Span] {
        guard let id else { return [] }
        return try requests("traces", containing: id).flatMap { $0["request"]["resourceSpans"].array }
            .flatMap { group in
                group["scopeSpans"].array.flatMap(\.["spans"].array)
                    .map { Span($0, resource: otlpAttributes(of: group["resource"])) }
            }
            .filter { $0.traceID == id }
    }

    /// The instance that a trace comes from.
    func instance(ofTrace id: String?) throws -> String? {
        try spans(ofTrace: id).first?.resource["service.instance.id"]?.string
    }

    /// The newest value of each counter of the instance that a trace comes from, by name and attributes:
    /// `orchestrator_tasks_total{status=failed}`.
    func totals(ofTrace trace: String?) throws -> [String: Point] {
        guard let id = try instance(ofTrace: trace) else { return [:] }
        let groups = try requests("metrics", containing: id).flatMap { $0["request"]["resourceMetrics"].array }
            .filter { otlpAttributes(of: $0["resource"])["service.instance.id"] == .string(id) }
        var totals: [String: Point] = [:]
        for metric in groups.flatMap({ $0["scopeMetrics"].array }).flatMap({ $0["metrics"].array }) {
            let isCumulative = metric["sum"]["aggregationTemporality"] == "AGGREGATION_TEMPORALITY_CUMULATIVE"
            for point in metric["sum"]["dataPoints"].array where isCumulative && metric["sum"]["isMonotonic"] == true {
                let labels = otlpAttributes(of: point).sorted { $0.key < $1.key }
                    .map { "\($0.key)=\($0.value.string ?? "?")" }
                totals["\(metric["name"].string ?? "?"){\(labels.joined(separator: ","))}"] = Point(
                    value: point["asInt"].number ?? point["asDouble"].number ?? .nan,
                    start: point["startTimeUnixNano"].string ?? "",
                    unit: metric["unit"].string ?? ""
                )
            }
        }
        return totals
    }
}

extension [String: Receiver.Point] {
    /// The sum over all points of one counter.
    func sum(_ name: String) -> Double {
        filter { $0.key.hasPrefix(name + "{") }.reduce(0) { $0 + $1.value.value }
    }
}

extension Receiver.Span {
    fileprivate init(_ span: JSON, resource: [String: JSON]) {
        let parent = span["parentSpanId"].string ?? ""
        self.init(
            name: span["name"].string ?? "",
            traceID: span["traceId"].string ?? "",
            spanID: span["spanId"].string ?? "",
            parentID: parent.isEmpty ? nil : parent,
            kind: span["kind"].string ?? "",
            isError: span["status"]["code"] == "STATUS_CODE_ERROR",
            start: UInt64(span["startTimeUnixNano"].string ?? "") ?? 0,
            end: UInt64(span["endTimeUnixNano"].string ?? "") ?? 0,
            events: span["events"].array.compactMap { $0["name"].string },
            attributes: otlpAttributes(of: span),
            resource: resource
        )
    }
}

/// OTLP's list of attributes as a dictionary; integers become numbers.
func otlpAttributes(of holder: JSON) -> [String: JSON] {
    let pairs = holder["attributes"].array.compactMap { pair -> (String, JSON)? in
        guard let key = pair["key"].string, case .object(let value) = pair["value"], let first = value.first else {
            return nil
        }
        let isInteger = first.key == "intValue"
        return (key, isInteger ? .number(first.value.number ?? .nan) : first.value)
    }
    return Dictionary(pairs) { first, _ in first }
}
