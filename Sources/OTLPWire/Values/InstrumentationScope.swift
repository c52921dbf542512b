/// The library that made the telemetry (OTLP's `InstrumentationScope` with its schema URL).
package struct InstrumentationScope: Sendable, Hashable {
    package var name: String
    package var version: String
    package var schemaURL: String
    package var attributes: [Attribute]

    package init(name: String, version: String = "", schemaURL: String = "", attributes: [Attribute] = []) {
        self.name = name
        self.version = version
        self.schemaURL = schemaURL
        self.attributes = attributes
    }
}
