import COTLP

// Requests from values: spans and log records become records first, so that there is one way to encode them.

extension EncodedItems {
    package init(resource: EncodedResource, spans: [ScopedSpans]) {
        self.init(resource, spans.map { ($0.scope, $0.spans) }) { RecordDraft.finished($0, scope: $1, in: $2) }
    }

    package init(resource: EncodedResource, logs: [ScopedLogs]) {
        self.init(resource, logs.map { ($0.scope, $0.records) }) { RecordDraft.finished($0, scope: $1, in: $2) }
    }

    package init(resource: EncodedResource, metrics: [ScopedMetrics]) {
        var arena = MessageArena()
        var messages: [UnsafeMutablePointer<WireMetric>] = []
        var groups: [Group] = []
        var points = [0]
        var bound = 0
        for scoped in metrics where !scoped.metrics.isEmpty {
            for metric in scoped.metrics {
                let message = metric.wire(&arena)
                let base = UnsafeMutableRawPointer(message).assumingMemoryBound(to: WireMessage.self)
                bound += ItemWriter.frame + protobuf_c_message_get_packed_size(base)
                points.append((points.last ?? 0) + metric.data.pointCount)
                messages.append(message)
            }
            let start = groups.last?.items.upperBound ?? 0
            groups.append(Group(items: start..<messages.count, prefix: scoped.scope.envelopePrefix()))
        }
        self.init(resource: resource, groups: groups, bound: bound, points: points) { writer in
            for message in messages { writer.add(message) }
        }
    }

    package init(resource: Resource, spans: [ScopedSpans]) { self.init(resource: resource.encoded(), spans: spans) }

    package init(resource: Resource, logs: [ScopedLogs]) { self.init(resource: resource.encoded(), logs: logs) }

    package init(resource: Resource, metrics: [ScopedMetrics]) {
        self.init(resource: resource.encoded(), metrics: metrics)
    }

    private init<Item>(
        _ resource: EncodedResource,
        _ scopes: [(scope: InstrumentationScope, items: [Item])],
        _ finished: (Item, RecordScope, RecordStore) -> RecordHandle
    ) {
        let store = RecordStore()
        var arena = MessageArena()
        var records: [RecordHandle] = []
        for (scope, items) in scopes {
            let scope = store.scope(scope)
            for item in items { records.append(finished(item, scope, store)) }
        }
        defer { store.release(records) }
        self = RecordEncoder.encode(records, resource, &arena)
    }

    /// Everything in one request.
    var whole: [UInt8] { Array(request(0..<count)) }
}

extension ExportTraceRequest {
    /// The request as protobuf: one `ResourceSpans`, its scopes in the order given; one without spans is left out.
    ///
    /// Strings keep every character, U+0000 included. Arrays and maps nested deeper than
    /// ``AttributeValue/maximumDepth`` are replaced by a text that says so.
    package func encoded() -> [UInt8] { EncodedItems(resource: resource, spans: scopes).whole }
}

extension ExportLogsRequest {
    /// The request as protobuf: one `ResourceLogs`; otherwise as ``ExportTraceRequest/encoded()``.
    package func encoded() -> [UInt8] { EncodedItems(resource: resource, logs: scopes).whole }
}

extension ExportMetricsRequest {
    /// The request as protobuf: one `ResourceMetrics`; otherwise as ``ExportTraceRequest/encoded()``.
    package func encoded() -> [UInt8] { EncodedItems(resource: resource, metrics: scopes).whole }
}
