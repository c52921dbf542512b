import COTLP

extension MessageArena {
    /// The pointer list of a repeated `KeyValue`; nil if there are none.
    mutating func attributes(
        _ attributes: [Attribute],
        depth: Int = 0
    ) -> UnsafeMutablePointer<UnsafeMutablePointer<WireKeyValue>?>? {
        list(attributes) { attribute, arena in attribute.wire(&arena, depth: depth) }
    }
}

extension Attribute {
    func wire(_ arena: inout MessageArena, depth: Int) -> UnsafeMutablePointer<WireKeyValue> {
        let message = arena.message(opentelemetry__proto__common__v1__key_value__init)
        message.pointee.key = arena.string(key, field: 1, of: message)
        message.pointee.value = value.wire(&arena, depth: depth)
        return message
    }
}

extension AttributeValue {
    /// What stands for an array or map below the deepest level that receivers take.
    static let tooDeep = AttributeValue.string("[nested deeper than \(maximumDepth) levels]")

    /// Always a message: one with nothing set is the empty value.
    func wire(_ arena: inout MessageArena, depth: Int = 0) -> UnsafeMutablePointer<WireAnyValue> {
        let message = arena.message(opentelemetry__proto__common__v1__any_value__init)
        switch self {
        case .empty:
            break
        case .string(let text):
            message.pointee.value_case = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_STRING_VALUE
            message.pointee.string_value = arena.string(text, field: 1, of: message)
        case .bool(let flag):
            message.pointee.value_case = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_BOOL_VALUE
            message.pointee.bool_value = flag ? 1 : 0
        case .int(let number):
            message.pointee.value_case = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_INT_VALUE
            message.pointee.int_value = number
        case .double(let number):
            message.pointee.value_case = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_DOUBLE_VALUE
            message.pointee.double_value = number
        case .bytes(let bytes):
            message.pointee.value_case = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_BYTES_VALUE
            message.pointee.bytes_value = arena.binary(bytes)
        case .array, .map:
            guard depth < Self.maximumDepth else { return Self.tooDeep.wire(&arena) }
            fillCollection(message, &arena, depth: depth + 1)
        }
        return message
    }

    private func fillCollection(
        _ message: UnsafeMutablePointer<WireAnyValue>,
        _ arena: inout MessageArena,
        depth: Int
    ) {
        switch self {
        case .array(let values):
            let array = arena.message(opentelemetry__proto__common__v1__array_value__init)
            array.pointee.values = arena.list(values) { value, arena in value.wire(&arena, depth: depth) }
            array.pointee.n_values = values.count
            message.pointee.value_case = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_ARRAY_VALUE
            message.pointee.array_value = array
        case .map(let attributes):
            let map = arena.message(opentelemetry__proto__common__v1__key_value_list__init)
            map.pointee.values = arena.attributes(attributes, depth: depth)
            map.pointee.n_values = attributes.count
            message.pointee.value_case = OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_KVLIST_VALUE
            message.pointee.kvlist_value = map
        case .empty, .string, .bool, .int, .double, .bytes:
            break
        }
    }
}
