import OTLPWire
import Tracing

/// What the spans of one tracer share.
final class SpanRecorder: Sendable {
    let limits: SpanLimits
    let recordLimits: RecordLimits
    let queue: RecordQueue
    let store: RecordStore
    let isDurable: Bool
    let sampling: SamplingTable
    let random: RandomSource
    let propagation: ContextPropagation

    /// Counts started spans; nil where nobody wants to know.
    let selfMetrics: SelfMetrics?
    private let scope: RecordScope

    init(
        scope: InstrumentationScope,
        limits: SpanLimits,
        queue: RecordQueue,
        sampler: Sampler,
        random: RandomSource,
        propagation: ContextPropagation,
        selfMetrics: SelfMetrics? = nil
    ) {
        self.limits = limits
        self.queue = queue
        self.random = random
        self.propagation = propagation
        self.selfMetrics = selfMetrics
        store = queue.store
        isDurable = queue.store.isDurable
        sampling = SamplingTable(sampler)
        self.scope = queue.store.scope(scope)
        recordLimits = RecordLimits(
            attributes: limits.attributes,
            events: limits.events,
            links: limits.links,
            valueLength: limits.attributeValueLength
        )
    }

    func draft(
        _ name: String,
        own: OTelSpanContext,
        parent: OTelSpanContext?,
        ofKind kind: SpanKind,
        startTime: UInt64
    ) -> RecordDraft {
        let start = RecordStart(
            traceID: own.trace,
            spanID: own.span,
            parentSpanID: parent?.span ?? SpanID(value: 0),
            // The remote bits tell of the parent; a root has none, and so is known not to be remote.
            flags: UInt32(own.flags) | 0x100 | (parent?.isRemote == true ? 0x200 : 0),
            code: Self.code(kind).rawValue,
            time: startTime
        )
        var draft = RecordDraft.span(start, scope: scope, in: store)
        draft.setName(name, in: store)
        if !own.traceState.isEmpty { draft.setTraceState(own.traceState, in: store) }
        return draft
    }

    /// Completes the record and queues it.
    func finish(_ span: FinishedSpan) {
        var draft = span.draft
        if let attributes = span.attributes {
            AttributeConversion(limits).write(attributes, to: &draft, in: store)
        }
        queue.append(draft.finish(endTime: span.endTime, in: store))
    }

    private static func code(_ kind: SpanKind) -> SpanRecord.Kind {
        switch kind {
        case .server: .server
        case .client: .client
        case .producer: .producer
        case .consumer: .consumer
        case .internal: .internal
        }
    }
}
