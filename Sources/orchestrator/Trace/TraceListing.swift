import Foundation
import Journal
import OTLPWire

/// The traces of a run's attempts as `trace --json` prints them: trees of spans.
struct TraceListing: Encodable {
    private let document: JSONTree

    init(_ run: RunRecord, _ traces: [AttemptTrace], jaeger: JaegerURL) {
        document = .object([
            "schema_version": .integer(1),
            "run_id": .string(run.runID),
            "task_id": .text(run.attempts.first?.record.taskID),
            "task_title": .text(run.attempts.first?.record.taskTitle),
            "attempts": .array(traces.map { Self.attempt($0, jaeger) }),
        ])
    }

    func encode(to encoder: any Encoder) throws { try document.encode(to: encoder) }

    private static func attempt(_ trace: AttemptTrace, _ jaeger: JaegerURL) -> JSONTree {
        let recording = trace.recording ?? TraceRecording(spans: [])
        let tree = TraceTree(recording)
        return .object([
            "attempt": .integer(trace.attempt.record.number),
            "status": .string(trace.attempt.status),
            "trace_id": .text(trace.traceID),
            "jaeger_url": .text(trace.traceID.map(jaeger.page(ofTrace:))),
            "file": .string(trace.file),
            "span_count": .integer(tree.rows.count),
            "error_count": .integer(tree.errors),
            "omitted_spans": .integer(recording.omitted),
            "broken_lines": .integer(recording.brokenLines),
            "last_line_is_cut": .bool(recording.isCut),
            "started_unix_nano": tree.rows.isEmpty ? .null : .string(String(tree.start)),
            "duration_seconds": .number(Double(tree.length) / 1e9),
            "spans": .array(nodes(of: tree)),
        ])
    }

    /// The top spans, each with what is below it; put together from the last row to the first.
    private static func nodes(of tree: TraceTree) -> [JSONTree] {
        var below: [[JSONTree]] = [[]]
        for row in tree.rows.reversed() {
            while below.count < row.depth + 2 { below.append([]) }
            let children = Array(below[row.depth + 1].reversed())
            below[row.depth + 1] = []
            below[row.depth].append(node(row, start: tree.start, children))
        }
        return below[0].reversed()
    }

    private static func node(_ row: TraceTree.Row, start: UInt64, _ children: [JSONTree]) -> JSONTree {
        let span = row.span
        return .object([
            "name": .string(span.name),
            "span_id": .string(span.spanID.hex),
            "parent_span_id": .text(span.parentSpanID?.hex),
            "parent_is_recorded": .bool(span.parentSpanID != nil && !row.isOrphan),
            "trace_id": .string(span.traceID.hex),
            "kind": .string("\(span.kind)"),
            "service": .string(row.recorded.service),
            "started_unix_nano": .string(String(span.startTime)),
            "offset_seconds": .number(Double(span.startTime - start) / 1e9),
            "duration_seconds": .number(Double(span.length) / 1e9),
            "status": .string("\(span.status.code)"),
            "status_message": .text(span.status.message.isEmpty ? nil : span.status.message),
            "attributes": JSONTree(span.attributes),
            "events": .array(
                span.events.map {
                    .object([
                        "name": .string($0.name), "offset_seconds": .number((Double($0.time) - Double(start)) / 1e9),
                        "attributes": JSONTree($0.attributes),
                    ])
                }
            ),
            "links": .array(
                span.links.map {
                    .object([
                        "trace_id": .string($0.traceID.hex), "span_id": .string($0.spanID.hex),
                        "attributes": JSONTree($0.attributes),
                    ])
                }
            ),
            "children": .array(children),
        ])
    }
}

extension JSONTree {
    /// Attributes as an object; of a key that is there twice the last value.
    init(_ attributes: [Attribute]) {
        self = .object(Dictionary(attributes.map { ($0.key, JSONTree($0.value)) }) { $1 })
    }

    /// A value of OTLP; what JSON has no form for is a text.
    init(_ value: AttributeValue) {
        self =
            switch value {
            case .empty: .null
            case .string(let text): .string(text)
            case .bool(let value): .bool(value)
            case .int(let value): .integer(Int(value))
            case .double(let value): value.isFinite ? .number(value) : .string("\(value)")
            case .bytes(let bytes): .string(Data(bytes).base64EncodedString())
            case .array(let values): .array(values.map { JSONTree($0) })
            case .map(let members): JSONTree(members)
            }
    }
}
