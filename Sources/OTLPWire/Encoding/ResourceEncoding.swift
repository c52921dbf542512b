import COTLP

extension Resource {
    func wire(_ arena: inout MessageArena) -> UnsafeMutablePointer<WireResource> {
        let message = arena.message(opentelemetry__proto__resource__v1__resource__init)
        message.pointee.attributes = arena.attributes(attributes)
        message.pointee.n_attributes = attributes.count
        return message
    }
}

extension InstrumentationScope {
    func wire(_ arena: inout MessageArena) -> UnsafeMutablePointer<WireScope> {
        let message = arena.message(opentelemetry__proto__common__v1__instrumentation_scope__init)
        message.pointee.name = arena.string(name, field: 1, of: message)
        message.pointee.version = arena.string(version, field: 2, of: message)
        message.pointee.attributes = arena.attributes(attributes)
        message.pointee.n_attributes = attributes.count
        return message
    }
}
