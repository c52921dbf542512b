/// What one export of log records sends: OTLP's `ExportLogsServiceRequest` with a single resource.
package struct ExportLogsRequest: Sendable, Hashable {
    package var resource: Resource
    package var scopes: [ScopedLogs]

    package init(resource: Resource, scopes: [ScopedLogs]) {
        self.resource = resource
        self.scopes = scopes
    }
}
