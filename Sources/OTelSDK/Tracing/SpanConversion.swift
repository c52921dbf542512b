import Instrumentation
import OTLPWire
import Tracing

/// Ended spans as OTLP's (trace.proto); runs in the background, not in the caller.
struct SpanConversion: Sendable {
    let limits: SpanLimits

    private var attributes: AttributeConversion { AttributeConversion(valueLength: limits.attributeValueLength) }

    func convert(_ span: FinishedSpan) -> SpanRecord {
        let state = span.state
        let (kept, dropped) = attributes.convert(state.attributes, limit: limits.attributes)
        let parent = span.identity.parent
        return SpanRecord(
            traceID: span.identity.context.trace,
            spanID: span.identity.context.span,
            parentSpanID: parent?.span,
            traceState: span.identity.context.traceState,
            // The remote bits tell of the parent; a root has none, and so is known not to be remote.
            flags: UInt32(span.identity.context.flags) | 0x100 | (parent?.isRemote == true ? 0x200 : 0),
            name: state.name,
            kind: kind(span.identity.kind),
            startTime: span.identity.startTime,
            endTime: span.endTime,
            attributes: kept,
            droppedAttributes: UInt32(clamping: state.droppedAttributes) + dropped,
            events: state.events.map(convert),
            droppedEvents: UInt32(clamping: state.droppedEvents),
            links: state.links.compactMap(convert),
            droppedLinks: UInt32(clamping: state.droppedLinks),
            status: status(state.status)
        )
    }

    private func convert(_ event: SpanEvent) -> SpanRecord.Event {
        let (kept, dropped) = attributes.convert(event.attributes, limit: limits.attributesPerEvent)
        return SpanRecord.Event(
            time: event.nanosecondsSinceEpoch,
            name: event.name,
            attributes: kept,
            droppedAttributes: dropped
        )
    }

    /// Nil for a link to a context without a span, which points nowhere.
    private func convert(_ link: SpanLink) -> SpanRecord.Link? {
        guard let context = link.context.spanContext else { return nil }
        let (kept, dropped) = attributes.convert(link.attributes, limit: limits.attributesPerLink)
        return SpanRecord.Link(
            traceID: context.trace,
            spanID: context.span,
            traceState: context.traceState,
            attributes: kept,
            droppedAttributes: dropped,
            flags: context.wireFlags
        )
    }

    private func kind(_ kind: SpanKind) -> SpanRecord.Kind {
        switch kind {
        case .server: .server
        case .client: .client
        case .producer: .producer
        case .consumer: .consumer
        case .internal: .internal
        }
    }

    private func status(_ status: SpanStatus?) -> SpanRecord.Status {
        switch status?.code {
        case nil: SpanRecord.Status()
        case .ok: SpanRecord.Status(code: .ok)
        case .error: SpanRecord.Status(code: .error, message: status?.message ?? "")
        }
    }
}
