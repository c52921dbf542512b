/// Who the telemetry is about: one process, described by attributes (OTLP's `Resource` with its schema URL).
package struct Resource: Sendable, Hashable {
    package var attributes: [Attribute]
    /// The semantic conventions' version that the attributes follow; empty if none is claimed.
    package var schemaURL: String

    package init(attributes: [Attribute] = [], schemaURL: String = "") {
        self.attributes = attributes
        self.schemaURL = schemaURL
    }
}
