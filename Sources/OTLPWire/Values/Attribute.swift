/// A key and its value, as in OTLP's `KeyValue`.
///
/// Keys are unique within one collection; the caller sees to that.
package struct Attribute: Sendable, Hashable {
    package var key: String
    package var value: AttributeValue

    package init(key: String, value: AttributeValue) {
        self.key = key
        self.value = value
    }
}
