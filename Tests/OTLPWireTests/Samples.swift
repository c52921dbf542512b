import OTLPWire

/// Values with every field filled, for encoding and round trips.
enum Samples {
    static let resource = Resource(
        attributes: [Attribute(key: "service.name", value: .string("orchestrator"))],
        schemaURL: "https://opentelemetry.io/schemas/1.44.0"
    )

    static let scope = InstrumentationScope(
        name: "runner",
        version: "1.2.3",
        schemaURL: "https://example.org/scope",
        attributes: [Attribute(key: "scope.kind", value: .bool(true))]
    )

    static let traceID = TraceID(high: 0x0102_0304_0506_0708, low: 0xF9FA_FBFC_FDFE_FF00)

    static let fullSpan = SpanRecord(
        traceID: traceID,
        spanID: SpanID(value: 0x1112_1314_1516_17F8),
        parentSpanID: SpanID(value: 0xA1A2_A3A4_A5A6_A7A8),
        traceState: "vendor=1,other=x",
        flags: 0x301,
        name: "invoke_agent claude-code",
        kind: .client,
        startTime: 1_700_000_000_123_456_789,
        endTime: .max,
        attributes: [Attribute(key: "task.id", value: .string("1.1"))],
        droppedAttributes: 3,
        events: [
            SpanRecord.Event(
                time: 1_700_000_000_200_000_000,
                name: "check",
                attributes: [Attribute(key: "passed", value: .bool(false))],
                droppedAttributes: .max
            )
        ],
        droppedEvents: 4,
        links: [
            SpanRecord.Link(
                traceID: TraceID(high: 1, low: 2),
                spanID: SpanID(value: 3),
                traceState: "l=1",
                attributes: [Attribute(key: "why", value: .string("resumed"))],
                droppedAttributes: 5,
                flags: 0x100
            )
        ],
        droppedLinks: 6,
        status: SpanRecord.Status(code: .error, message: "exit 1")
    )

    /// Nothing but what a span must have.
    static let bareSpan = SpanRecord(
        traceID: traceID,
        spanID: SpanID(value: 1),
        name: "",
        startTime: 0,
        endTime: 0
    )

    static let trace = ExportTraceRequest(
        resource: resource,
        scopes: [ScopedSpans(scope: scope, spans: [fullSpan, bareSpan])]
    )

    /// A request around one span with these attributes.
    static func trace(attributes: [Attribute]) -> ExportTraceRequest {
        var span = bareSpan
        span.attributes = attributes
        return ExportTraceRequest(
            resource: Resource(),
            scopes: [ScopedSpans(scope: InstrumentationScope(name: ""), spans: [span])]
        )
    }

    static let metrics = ExportMetricsRequest(
        resource: resource,
        scopes: [ScopedMetrics(scope: scope, metrics: [counter, cost, gauge, duration])]
    )

    static let counter = MetricRecord(
        name: "orchestrator_tasks_total",
        unit: "{task}",
        description: "Tasks by status",
        data: .sum(
            points: [
                NumberPoint(
                    attributes: [Attribute(key: "status", value: .string("completed"))],
                    startTime: 1,
                    time: 2,
                    value: .int(.max)
                ),
                NumberPoint(startTime: 1, time: 2, value: .int(.min)),
                NumberPoint(startTime: 1, time: 2, value: .int(0)),
            ],
            monotonic: true,
            temporality: .cumulative
        )
    )

    static let cost = MetricRecord(
        name: "cost",
        unit: "{USD}",
        data: .sum(
            points: [
                NumberPoint(startTime: 1, time: 2, value: .double(0.02)),
                NumberPoint(startTime: 1, time: 2, value: .double(-.infinity)),
            ],
            monotonic: false,
            temporality: .delta
        )
    )

    static let gauge = MetricRecord(
        name: "live",
        data: .gauge([
            NumberPoint(startTime: 0, time: 2, value: .double(0)),
            NumberPoint(startTime: 0, time: 2, value: .int(-1)),
        ])
    )

    static let duration = MetricRecord(
        name: "orchestrator_task_duration_seconds",
        unit: "s",
        data: .histogram(
            [
                HistogramPoint(
                    attributes: [Attribute(key: "status", value: .string("failed"))],
                    startTime: 10,
                    time: 20,
                    count: 3,
                    sum: 0,
                    min: -0.5,
                    max: 45.25,
                    bucketCounts: [1, 0, .max],
                    explicitBounds: [0, 2.5]
                ),
                HistogramPoint(startTime: 10, time: 20, count: 0),
            ],
            temporality: .cumulative
        )
    )

    static let logs = ExportLogsRequest(
        resource: resource,
        scopes: [
            ScopedLogs(
                scope: scope,
                records: [
                    LogRecord(
                        time: 1,
                        observedTime: 2,
                        severityNumber: 17,
                        severityText: "error",
                        body: .map([Attribute(key: "text", value: .string(""))]),
                        attributes: [Attribute(key: "n", value: .int(-7))],
                        droppedAttributes: 9,
                        traceID: traceID,
                        spanID: SpanID(value: 0x0102_0304_0506_0708),
                        flags: 1,
                        eventName: "task.ended"
                    ),
                    LogRecord(time: 0, observedTime: 5),
                ]
            )
        ]
    )
}
