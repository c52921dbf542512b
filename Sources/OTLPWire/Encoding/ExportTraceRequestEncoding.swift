import COTLP

extension ExportTraceRequest {
    /// The request as protobuf: one `ResourceSpans`, its scopes in the order given.
    ///
    /// Strings keep every character, U+0000 included. Arrays and maps nested deeper than
    /// ``AttributeValue/maximumDepth`` are replaced by a text that says so. Traps above 2 GiB.
    package func encoded() -> [UInt8] {
        MessageArena.pack { arena in
            let request = arena.message(opentelemetry__proto__collector__trace__v1__export_trace_service_request__init)
            request.pointee.resource_spans = arena.list([self]) { request, arena in request.resourceSpans(&arena) }
            request.pointee.n_resource_spans = 1
            return UnsafeMutableRawPointer(request).assumingMemoryBound(to: WireMessage.self)
        }
    }

    private func resourceSpans(_ arena: inout MessageArena) -> UnsafeMutablePointer<WireResourceSpans> {
        let message = arena.message(opentelemetry__proto__trace__v1__resource_spans__init)
        message.pointee.resource = resource.wire(&arena)
        message.pointee.schema_url = arena.string(resource.schemaURL, field: 3, of: message)
        message.pointee.scope_spans = arena.list(scopes) { scoped, arena in scoped.wire(&arena) }
        message.pointee.n_scope_spans = scopes.count
        return message
    }
}

extension ScopedSpans {
    func wire(_ arena: inout MessageArena) -> UnsafeMutablePointer<WireScopeSpans> {
        let message = arena.message(opentelemetry__proto__trace__v1__scope_spans__init)
        message.pointee.scope = scope.wire(&arena)
        message.pointee.schema_url = arena.string(scope.schemaURL, field: 3, of: message)
        message.pointee.spans = arena.list(spans) { item, arena in item.wire(&arena) }
        message.pointee.n_spans = spans.count
        return message
    }
}
