extension JSONWriter {
    mutating func attributes(
        _ attributes: [Attribute],
        named name: StaticString = "attributes",
        dropped: UInt32 = 0
    ) {
        array(name, attributes) { json, attribute in json.pair(attribute) }
        number("droppedAttributesCount", dropped)
    }

    mutating func value(_ name: StaticString, _ value: AttributeValue) {
        object(name) { json in json.content(value) }
    }

    private mutating func pair(_ attribute: Attribute) {
        object { json in
            json.string("key", attribute.key, isKept: true)
            json.value("value", attribute.value)
        }
    }

    /// What is inside an `AnyValue`'s braces; nothing for the empty value.
    private mutating func content(_ value: AttributeValue) {
        switch value {
        case .empty: break
        case .string(let text): string("stringValue", text, isKept: true)
        case .bool(let flag): bool("boolValue", flag, isKept: true)
        case .int(let number): wideNumber("intValue", number, isKept: true)
        case .double(let number): double("doubleValue", number)
        case .bytes(let bytes): binary("bytesValue", bytes)
        case .array(let values):
            object("arrayValue") { json in
                json.array("values", values) { json, value in json.object { $0.content(value) } }
            }
        case .map(let pairs):
            object("kvlistValue") { json in
                json.array("values", pairs) { json, pair in json.pair(pair) }
            }
        }
    }
}
