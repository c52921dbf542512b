import Foundation

extension Receiver {
    /// What one request of metrics said: each number of ours by its name and attributes.
    struct Snapshot: Sendable {
        /// A number and what it counts from.
        struct Value: Sendable {
            var number: Double
            var start: String
        }

        /// Counters as they are; of histograms `NAME_count{…}`, `NAME_sum{…}` and `NAME_bucket{…,le=N}`, all cumulative.
        var values: [String: Value] = [:]
        /// The gauges, which may fall.
        var gauges: [String: Double] = [:]
        /// The traces that stand for buckets of a histogram, by its name.
        var exemplars: [String: [String]] = [:]
    }

    /// All snapshots of metrics in the order of their arrival, without those of the exporter itself, which are each
    /// process's own.
    func snapshots() throws -> [Snapshot] {
        try requests("metrics")
            .map { request in
                var snapshot = Snapshot()
                let metrics = request["request"]["resourceMetrics"].array.flatMap { $0["scopeMetrics"].array }
                    .flatMap { $0["metrics"].array }
                for metric in metrics { snapshot.add(metric) }
                return snapshot
            }
            .filter { !$0.values.isEmpty }
    }
}

extension Receiver.Snapshot {
    /// The sum of all values whose name this is.
    func sum(_ name: String) -> Double {
        values.filter { $0.key.hasPrefix(name + "{") }.reduce(0) { $0 + $1.value.number }
    }

    fileprivate mutating func add(_ metric: JSON) {
        guard let name = metric["name"].string, !name.hasPrefix("otel.") else { return }
        for point in metric["gauge"]["dataPoints"].array {
            gauges[name + labels(of: point)] = point["asInt"].number ?? point["asDouble"].number ?? .nan
        }
        for point in metric["sum"]["dataPoints"].array {
            let number = point["asInt"].number ?? point["asDouble"].number ?? .nan
            values[name + labels(of: point)] = Value(number: number, start: start(of: point))
        }
        for point in metric["histogram"]["dataPoints"].array { add(point, of: name) }
    }

    private mutating func add(_ point: JSON, of name: String) {
        let start = start(of: point)
        values["\(name)_count\(labels(of: point))"] = Value(number: point["count"].number ?? .nan, start: start)
        values["\(name)_sum\(labels(of: point))"] = Value(number: point["sum"].number ?? .nan, start: start)
        var count = 0.0
        for (index, bucket) in point["bucketCounts"].array.enumerated() {
            count += bucket.number ?? .nan
            values["\(name)_bucket\(labels(of: point, ["le=\(index)"]))"] = Value(number: count, start: start)
        }
        exemplars[name, default: []] += point["exemplars"].array.compactMap { $0["traceId"].string }
    }

    private func start(of point: JSON) -> String { point["startTimeUnixNano"].string ?? "" }

    private func labels(of point: JSON, _ more: [String] = []) -> String {
        let pairs = otlpAttributes(of: point).map { "\($0.key)=\($0.value.string ?? "?")" }
        return "{" + (pairs + more).sorted().joined(separator: ",") + "}"
    }
}
