import Instrumentation
import OTLPWire
import Tracing

/// What a caller may change until the end.
struct SpanState: Sendable {
    var name: String
    /// Nil for a span that does not record, and after the end.
    var draft: RecordDraft?
    var status: SpanStatus.Code?
    /// Made when somebody asks for it.
    var context: ServiceContext?

    /// The attributes in the API's form, from its first use on; the record gets them at the end.
    private var overlay = SpanAttributes()
    private(set) var usesOverlay = false
    /// Accesses that are under way, and when the span ended meanwhile.
    private var loans = 0
    private var endTime: UInt64?
    /// How many attributes the record had when it was last brought up to date.
    private var synchronized = 0

    init(name: String, draft: RecordDraft?) {
        self.name = name
        self.draft = draft
    }

    var isRecording: Bool { draft != nil && endTime == nil }

    var currentAttributes: SpanAttributes {
        if usesOverlay { return overlay }
        guard let draft, draft.attributeCount > 0 else { return SpanAttributes() }
        return AttributeConversion.spanAttributes(draft.attributes)
    }

    /// Hands the attributes out to be changed in place.
    mutating func lendAttributes(to loan: inout AttributeLoan, _ recorder: SpanRecorder) {
        guard isRecording else {
            loan.attributes = currentAttributes
            return
        }
        if usesOverlay {
            // Moved, not copied: the first change would copy everything if there were two owners.
            swap(&overlay, &loan.attributes)
        } else {
            loan.attributes = currentAttributes
            loan.attributes.reserveCapacity(AttributeLoan.usualCount)
            usesOverlay = true
        }
        loans += 1
        loan.counts = true
        if loan.attributes.count >= recorder.limits.attributes { loan.before = loan.attributes }
    }

    /// Keeps the changed attributes, and writes them into the record at once if they come `converted` for it.
    ///
    /// - Returns: The span, if it ended meanwhile and this was the last access.
    mutating func takeBack(
        _ loan: inout AttributeLoan,
        _ converted: [Attribute]?,
        _ recorder: SpanRecorder
    ) -> FinishedSpan? {
        guard loan.counts else { return nil }
        loans -= 1
        // What overlapping accesses brought back meanwhile.
        if !overlay.isEmpty { loan.attributes.merge(overlay) }
        if loan.attributes.count <= recorder.limits.attributes {
            swap(&overlay, &loan.attributes)
        } else {
            keep(loan.attributes, before: loan.before ?? SpanAttributes(), recorder)
        }
        if let converted { synchronize(converted, recorder) }
        guard let endTime, loans == 0 else { return nil }
        return takeOut(endTime)
    }

    mutating func replaceAttributes(_ new: SpanAttributes, _ converted: [Attribute]?, _ recorder: SpanRecorder) {
        guard isRecording else { return }
        let old = currentAttributes
        usesOverlay = true
        keep(new, before: old, recorder)
        if let converted { synchronize(converted, recorder) }
    }

    /// Sets an attribute where the others are, once ``usesOverlay`` is true.
    mutating func setInOverlay(_ key: String, _ value: SpanAttribute, _ recorder: SpanRecorder) {
        if overlay.count < recorder.limits.attributes {
            overlay.set(key, value: value)
        } else {
            var attributes = overlay
            attributes.set(key, value: value)
            keep(attributes, before: overlay, recorder)
        }
        if recorder.isDurable {
            synchronize(AttributeConversion(recorder.limits).convert(overlay), recorder)
        }
    }

    /// - Returns: The span; nil if it had ended before, or somebody is still changing its attributes.
    mutating func end(at time: UInt64) -> FinishedSpan? {
        guard isRecording else { return nil }
        guard loans == 0 else {
            endTime = time
            return nil
        }
        return takeOut(time)
    }

    private mutating func takeOut(_ time: UInt64) -> FinishedSpan? {
        guard let draft else { return nil }
        self.draft = nil
        return FinishedSpan(draft: draft, attributes: usesOverlay ? overlay : nil, endTime: time)
    }

    /// Brings the record up to date, in case the process is killed.
    ///
    /// With many attributes not each time, as the cost would grow with the square of their number.
    private mutating func synchronize(_ attributes: [Attribute], _ recorder: SpanRecorder) {
        guard attributes.count <= 16 || attributes.count > synchronized + synchronized / 4 else { return }
        synchronized = attributes.count
        draft?.replaceAttributes(attributes, in: recorder.store)
    }

    /// Takes the new set; beyond the limit the keys that were there first stay, and each further one counts as dropped.
    private mutating func keep(_ new: SpanAttributes, before old: SpanAttributes, _ recorder: SpanRecorder) {
        let limit = recorder.limits.attributes
        guard new.count > limit else {
            overlay = new
            return
        }
        var kept = SpanAttributes()
        var added: [(String, SpanAttribute)] = []
        // swift-format-ignore: ReplaceForEachWithForLoop
        new.forEach { key, value in
            if old.get(key) != nil && kept.count < limit {
                kept.set(key, value: value)
            } else {
                added.append((key, value))
            }
        }
        added.sort { $0.0 < $1.0 }
        let room = limit - kept.count
        for (key, value) in added.prefix(room) { kept.set(key, value: value) }
        draft?.dropAttributes(added.count - min(room, added.count))
        overlay = kept
    }
}

/// The attributes while the caller changes them.
struct AttributeLoan {
    /// So many attributes find room without a second allocation.
    static let usualCount = 10

    var attributes = SpanAttributes()
    /// What there was, if there is no room for more keys.
    var before: SpanAttributes?
    /// False if the span does not record and nothing will be kept.
    var counts = false
}

/// A span that has ended and belongs to nobody else.
struct FinishedSpan {
    var draft: RecordDraft
    /// Nil if they are in the record already.
    let attributes: SpanAttributes?
    let endTime: UInt64
}
