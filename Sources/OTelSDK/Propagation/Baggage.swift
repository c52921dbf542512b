public import Instrumentation

/// Names and values that travel with a trace through every service (W3C Baggage, specification/baggage/api.md).
///
/// Immutable in a context: take it, change the copy, and put it into a new context.
public struct Baggage: Sendable, Hashable {
    /// One member of the list.
    public struct Entry: Sendable, Hashable {
        /// The value, decoded.
        public var value: String

        /// The properties after the first `;`, as received.
        public var metadata: String

        /// Makes an entry.
        public init(value: String, metadata: String = "") {
            self.value = value
            self.metadata = metadata
        }
    }

    /// The entries by name.
    public var entries: [String: Entry] = [:]

    /// Makes an empty baggage.
    public init() {}

    /// A value by name; setting nil removes the entry.
    public subscript(name: String) -> String? {
        get { entries[name]?.value }
        set { entries[name] = newValue.map { Entry(value: $0, metadata: entries[name]?.metadata ?? "") } }
    }
}

private enum BaggageKey: ServiceContextKey {
    typealias Value = Baggage
    static let nameOverride: String? = "otel-baggage"
}

extension ServiceContext {
    /// The baggage of this context; empty if there is none.
    public var baggage: Baggage {
        get { self[BaggageKey.self] ?? Baggage() }
        set { self[BaggageKey.self] = newValue.entries.isEmpty ? nil : newValue }
    }
}
