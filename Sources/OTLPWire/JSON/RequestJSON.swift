extension ExportTraceRequest {
    /// One line of OTLP JSON, `TracesData`, without its newline (protocol/file-exporter.md).
    package var json: [UInt8] {
        JSONWriter.line("resourceSpans", resource) { json in
            json.array("scopeSpans", scopes) { json, scoped in
                json.scoped(scoped.scope) { json in
                    json.array("spans", scoped.spans) { json, span in json.span(span) }
                }
            }
        }
    }
}

extension ExportMetricsRequest {
    /// One line of OTLP JSON, `MetricsData`, without its newline (protocol/file-exporter.md).
    package var json: [UInt8] {
        JSONWriter.line("resourceMetrics", resource) { json in
            json.array("scopeMetrics", scopes) { json, scoped in
                json.scoped(scoped.scope) { json in
                    json.array("metrics", scoped.metrics) { json, metric in json.metric(metric) }
                }
            }
        }
    }
}

extension ExportLogsRequest {
    /// One line of OTLP JSON, `LogsData`, without its newline (protocol/file-exporter.md).
    package var json: [UInt8] {
        JSONWriter.line("resourceLogs", resource) { json in
            json.array("scopeLogs", scopes) { json, scoped in
                json.scoped(scoped.scope) { json in
                    json.array("logRecords", scoped.records) { json, record in json.log(record) }
                }
            }
        }
    }
}

extension JSONWriter {
    fileprivate static func line(
        _ name: StaticString,
        _ resource: Resource,
        _ body: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { json in
            json.array(name, [resource]) { json, resource in
                json.object { json in
                    json.object("resource") { $0.attributes(resource.attributes) }
                    body(&json)
                    json.string("schemaUrl", resource.schemaURL)
                }
            }
        }
        return writer.bytes
    }

    fileprivate mutating func scoped(_ scope: InstrumentationScope, _ body: (inout JSONWriter) -> Void) {
        object { json in
            json.object("scope") { json in
                json.string("name", scope.name)
                json.string("version", scope.version)
                json.attributes(scope.attributes)
            }
            body(&json)
            json.string("schemaUrl", scope.schemaURL)
        }
    }
}
