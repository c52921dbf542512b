import FoundationEssentials

/// Tells how long after its start each record of a stream was written.
///
/// Many records bear no time: they count as written with the one before. The start is found from the first result,
/// which knows how long it all took.
struct RecordedTime {
    /// The time of each record since the start, in order; never going back.
    private(set) var offsets: [Duration] = []

    init(_ records: [StreamRecord?]) {
        let times = records.map { $0?.timestamp.flatMap(Self.date)?.timeIntervalSince1970 }
        guard let first = times.compactMap(\.self).first else {
            offsets = records.map { _ in .zero }
            return
        }
        let start = min(first, Self.start(records, times) ?? first)
        var latest = 0.0
        for time in times {
            if let time { latest = max(latest, time - start) }
            offsets.append(.seconds(latest))
        }
    }

    private static func start(_ records: [StreamRecord?], _ times: [Double?]) -> Double? {
        for (index, record) in records.enumerated() {
            guard case .result(let result) = record?.kind else { continue }
            guard let last = times[..<index].compactMap(\.self).last, let took = result.milliseconds else { return nil }
            return last - max(0, took) / 1000
        }
        return nil
    }

    /// The moment of ISO 8601 with milliseconds, such as `2026-11-22T15:45:00.082Z`.
    static func date(_ text: String) -> Date? {
        try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text)
    }
}
