import OTLPWire

@testable import GRPCTransport
@testable import OTelSDK

extension FuzzTarget {
    /// Base64 of a google.rpc.Status, percent-encoded messages, timeouts: what trailers carry.
    static let statusDetails = FuzzTarget(name: "status-details") { bytes in
        _ = RetryInfo.delay(inStatusDetails: bytes)
        let text = String(decoding: bytes, as: UTF8.self)
        if let details = GRPCMetadata.binaryValue(text) { _ = RetryInfo.delay(inStatusDetails: details) }
        _ = PercentCoding.decode(text)
        _ = GRPCTimeout.decode(text)
        if Base64.decode(Base64.encode(bytes)[...]) != bytes { fatalError("it does not come back from base64") }
    }

    /// Values of environment variables: lists, and addresses.
    static let variables = FuzzTarget(name: "variables") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        _ = KeyValueList.parse(text, as: .headers)
        _ = KeyValueList.parse(text, as: .attributes)
        _ = try? GRPCTarget(parsing: text)
        _ = try? GRPCMetadata.check(name: text, value: text)
    }

    /// `traceparent`, `tracestate` and `baggage`, one per line.
    static let propagation = FuzzTarget(name: "propagation") { bytes in
        var input = FuzzInput(bytes)
        let (parent, state, header) = (input.line(), input.line(), input.line())
        if let (trace, span, _) = TraceParent.parse(parent), !trace.isValid || !span.isValid {
            fatalError("an id of zeros was taken")
        }
        if let valid = TraceState.validated(state), TraceState.validated(valid) != valid {
            fatalError("a valid tracestate is no longer valid: \(valid)")
        }
        if let baggage = BaggageHeader.parse(header), let text = BaggageHeader.format(baggage),
            BaggageHeader.parse(text) == nil
        {
            fatalError("our own baggage cannot be read: \(text)")
        }
    }

    /// Requests and answers of OTLP; what can be read must be encoded to something that reads the same.
    static let otlp = FuzzTarget(name: "otlp") { bytes in
        _ = try? ExportResponse.decode(bytes)
        for request in (try? ExportTraceRequest.decode(bytes)) ?? [] { _ = request.encoded() }
        for request in (try? ExportLogsRequest.decode(bytes)) ?? [] { _ = request.encoded() }
        for request in (try? ExportMetricsRequest.decode(bytes)) ?? [] { _ = request.encoded() }
    }
}
