/// What one export of metrics sends: OTLP's `ExportMetricsServiceRequest` with a single resource.
package struct ExportMetricsRequest: Sendable, Hashable {
    package var resource: Resource
    package var scopes: [ScopedMetrics]

    package init(resource: Resource, scopes: [ScopedMetrics]) {
        self.resource = resource
        self.scopes = scopes
    }
}
