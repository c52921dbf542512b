import COTLP

/// What a receiver answers to an export.
///
/// `ExportTraceServiceResponse`, `ExportMetricsServiceResponse` and `ExportLogsServiceResponse` are the same bytes, field
/// for field, and so one type serves the three.
package enum ExportResponse {
    /// What was not accepted; nil if all was, which a receiver may also say with an empty partial success.
    ///
    /// A message that is not UTF-8 is repaired: the data was taken, and a careless answer must not make it look lost.
    package static func decode(_ bytes: [UInt8]) throws(OTLPWireError) -> PartialSuccess? {
        var reader = ProtobufReader(bytes, message: "ExportServiceResponse")
        var partial = PartialSuccess(rejected: 0, message: "")
        while let field = try reader.next() {
            guard case (1, .bytes(let range)) = (field.number, field.content) else { continue }
            var inner = try reader.submessage(range, "PartialSuccess")
            while let field = try inner.next() {
                switch (field.number, field.content) {
                case (1, .varint(let rejected)): partial.rejected = Int64(bitPattern: rejected)
                case (2, .bytes(let range)): partial.message = inner.repairedString(range)
                default: break
                }
            }
        }
        return partial == PartialSuccess(rejected: 0, message: "") ? nil : partial
    }

    /// The bytes of such an answer, for receivers of our own.
    package static func encoded(_ partial: PartialSuccess? = nil) -> [UInt8] {
        MessageArena.pack { arena in
            let response = arena.message(
                opentelemetry__proto__collector__trace__v1__export_trace_service_response__init
            )
            if let partial {
                let message = arena.message(
                    opentelemetry__proto__collector__trace__v1__export_trace_partial_success__init
                )
                message.pointee.rejected_spans = partial.rejected
                message.pointee.error_message = arena.string(partial.message, field: 2, of: message)
                response.pointee.partial_success = message
            }
            return UnsafeMutableRawPointer(response).assumingMemoryBound(to: WireMessage.self)
        }
    }
}
