import COTLP

extension ExportLogsRequest {
    /// The request as protobuf: one `ResourceLogs`, its scopes in the order given.
    ///
    /// Strings keep every character, U+0000 included. Arrays and maps nested deeper than
    /// ``AttributeValue/maximumDepth`` are replaced by a text that says so. Traps above 2 GiB.
    package func encoded() -> [UInt8] {
        MessageArena.pack { arena in
            let request = arena.message(opentelemetry__proto__collector__logs__v1__export_logs_service_request__init)
            request.pointee.resource_logs = arena.list([self]) { request, arena in request.resourceLogs(&arena) }
            request.pointee.n_resource_logs = 1
            return UnsafeMutableRawPointer(request).assumingMemoryBound(to: WireMessage.self)
        }
    }

    private func resourceLogs(_ arena: inout MessageArena) -> UnsafeMutablePointer<WireResourceLogs> {
        let message = arena.message(opentelemetry__proto__logs__v1__resource_logs__init)
        message.pointee.resource = resource.wire(&arena)
        message.pointee.schema_url = arena.string(resource.schemaURL, field: 3, of: message)
        message.pointee.scope_logs = arena.list(scopes) { scoped, arena in scoped.wire(&arena) }
        message.pointee.n_scope_logs = scopes.count
        return message
    }
}

extension ScopedLogs {
    func wire(_ arena: inout MessageArena) -> UnsafeMutablePointer<WireScopeLogs> {
        let message = arena.message(opentelemetry__proto__logs__v1__scope_logs__init)
        message.pointee.scope = scope.wire(&arena)
        message.pointee.schema_url = arena.string(scope.schemaURL, field: 3, of: message)
        message.pointee.log_records = arena.list(records) { item, arena in item.wire(&arena) }
        message.pointee.n_log_records = records.count
        return message
    }
}
