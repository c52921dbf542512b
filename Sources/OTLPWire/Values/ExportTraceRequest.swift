/// What one export of spans sends: OTLP's `ExportTraceServiceRequest` with a single resource.
package struct ExportTraceRequest: Sendable, Hashable {
    package var resource: Resource
    package var scopes: [ScopedSpans]

    package init(resource: Resource, scopes: [ScopedSpans]) {
        self.resource = resource
        self.scopes = scopes
    }
}
