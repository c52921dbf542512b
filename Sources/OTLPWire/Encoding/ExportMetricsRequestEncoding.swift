import COTLP

extension ExportMetricsRequest {
    /// The request as protobuf: one `ResourceMetrics`, its scopes in the order given.
    ///
    /// Strings keep every character, U+0000 included. Arrays and maps nested deeper than
    /// ``AttributeValue/maximumDepth`` are replaced by a text that says so. Traps above 2 GiB.
    package func encoded() -> [UInt8] {
        MessageArena.pack { arena in
            let request = arena.message(
                opentelemetry__proto__collector__metrics__v1__export_metrics_service_request__init
            )
            request.pointee.resource_metrics = arena.list([self]) { request, arena in
                request.resourceMetrics(&arena)
            }
            request.pointee.n_resource_metrics = 1
            return UnsafeMutableRawPointer(request).assumingMemoryBound(to: WireMessage.self)
        }
    }

    private func resourceMetrics(_ arena: inout MessageArena) -> UnsafeMutablePointer<WireResourceMetrics> {
        let message = arena.message(opentelemetry__proto__metrics__v1__resource_metrics__init)
        message.pointee.resource = resource.wire(&arena)
        message.pointee.schema_url = arena.string(resource.schemaURL, field: 3, of: message)
        message.pointee.scope_metrics = arena.list(scopes) { scoped, arena in scoped.wire(&arena) }
        message.pointee.n_scope_metrics = scopes.count
        return message
    }
}

extension ScopedMetrics {
    func wire(_ arena: inout MessageArena) -> UnsafeMutablePointer<WireScopeMetrics> {
        let message = arena.message(opentelemetry__proto__metrics__v1__scope_metrics__init)
        message.pointee.scope = scope.wire(&arena)
        message.pointee.schema_url = arena.string(scope.schemaURL, field: 3, of: message)
        message.pointee.metrics = arena.list(metrics) { item, arena in item.wire(&arena) }
        message.pointee.n_metrics = metrics.count
        return message
    }
}
