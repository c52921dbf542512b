import OTLPWire
import Tracing

// The quick way for attributes: from the caller into the record, without a dictionary between.

extension OTelSpan {
    /// Sets an attribute; the last value of a key holds, and what exceeds the limit is dropped and counted.
    public func setAttribute(_ key: String, _ value: String) {
        record { state, recorder in
            guard !state.usesOverlay else { return state.setInOverlay(key, .string(value), recorder) }
            state.draft?.set(key, value, recorder.recordLimits, in: recorder.store)
        }
    }

    /// Sets an attribute; see ``setAttribute(_:_:)-(String,String)``.
    public func setAttribute(_ key: String, _ value: Int) {
        record { state, recorder in
            guard !state.usesOverlay else { return state.setInOverlay(key, .int64(Int64(value)), recorder) }
            state.draft?.set(key, Int64(value), recorder.recordLimits, in: recorder.store)
        }
    }

    /// Sets an attribute; see ``setAttribute(_:_:)-(String,String)``.
    public func setAttribute(_ key: String, _ value: Double) {
        record { state, recorder in
            guard !state.usesOverlay else { return state.setInOverlay(key, .double(value), recorder) }
            state.draft?.set(key, value, recorder.recordLimits, in: recorder.store)
        }
    }

    /// Sets an attribute; see ``setAttribute(_:_:)-(String,String)``.
    public func setAttribute(_ key: String, _ value: Bool) {
        record { state, recorder in
            guard !state.usesOverlay else { return state.setInOverlay(key, .bool(value), recorder) }
            state.draft?.set(key, value, recorder.recordLimits, in: recorder.store)
        }
    }

    /// Sets an attribute; see ``setAttribute(_:_:)-(String,String)``.
    public func setAttribute(_ key: String, _ values: [String]) {
        set(key, .stringArray(values), .array(values.map { .string($0) }))
    }

    /// Sets an attribute; see ``setAttribute(_:_:)-(String,String)``.
    public func setAttribute(_ key: String, _ values: [Int]) {
        set(key, .int64Array(values.map { Int64($0) }), .array(values.map { .int(Int64($0)) }))
    }

    /// Sets an attribute; see ``setAttribute(_:_:)-(String,String)``.
    public func setAttribute(_ key: String, _ values: [Double]) {
        set(key, .doubleArray(values), .array(values.map { .double($0) }))
    }

    /// Sets an attribute; see ``setAttribute(_:_:)-(String,String)``.
    public func setAttribute(_ key: String, _ values: [Bool]) {
        set(key, .boolArray(values), .array(values.map { .bool($0) }))
    }

    private func set(_ key: String, _ attribute: SpanAttribute, _ value: AttributeValue) {
        record { state, recorder in
            guard !state.usesOverlay else { return state.setInOverlay(key, attribute, recorder) }
            state.draft?.set(key, value, recorder.recordLimits, in: recorder.store)
        }
    }
}
