import OTLPWire

/// The spans of one trace that a killed process left, as they leave with this start.
public struct RecoveredTrace: Sendable, Equatable {
    /// One of its spans.
    public struct Span: Sendable, Equatable {
        /// The span's name.
        public var name: String
        /// Its text attributes and its numbers in digits, by key; those of other types are left out.
        public var attributes: [String: String]
    }

    /// The trace's id, 32 lowercase hex digits.
    public var traceID: String
    /// Its spans: those that had ended and not been delivered, and those that were open, as ended.
    public var spans: [Span]
    /// All of them as one line of OTLP JSON (protocol/file-exporter.md), with its newline.
    public var jsonLine: [UInt8]
}

extension RecoveredTrace {
    /// The traces that a killed process's requests have spans of.
    static func traces(in records: [SpoolRecord]) -> [RecoveredTrace] {
        let requests = records.filter { $0.signal == .traces }.flatMap { record in
            (try? ExportTraceRequest.decode(Array(record.request))) ?? []
        }
        let ids = requests.flatMap(\.scopes).flatMap(\.spans).map(\.traceID)
        return ids.reduce(into: [TraceID]()) { if !$0.contains($1) { $0.append($1) } }.map { id in
            let own = requests.map { request in
                var request = request
                request.scopes = request.scopes.map { scope in
                    var scope = scope
                    scope.spans = scope.spans.filter { $0.traceID == id }
                    return scope
                }
                .filter { !$0.spans.isEmpty }
                return request
            }
            .filter { !$0.scopes.isEmpty }
            return RecoveredTrace(
                traceID: id.hex,
                spans: own.flatMap(\.scopes).flatMap(\.spans).map(Span.init),
                jsonLine: own.flatMap { $0.json + [0x0A] }
            )
        }
    }
}

extension RecoveredTrace.Span {
    fileprivate init(_ record: SpanRecord) {
        name = record.name
        let texts = record.attributes.compactMap { attribute -> (String, String)? in
            switch attribute.value {
            case .string(let text): (attribute.key, text)
            case .int(let number): (attribute.key, String(number))
            default: nil
            }
        }
        attributes = Dictionary(texts) { _, last in last }
    }
}
