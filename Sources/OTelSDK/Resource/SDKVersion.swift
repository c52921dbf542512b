/// How the SDK names itself; `opentelemetry` is reserved for the project's own SDKs (semconv resource/README.md).
enum SDKVersion {
    static let name = "orchestrator-otel"
    static let version = "0.1.0"

    /// The exporter's identity as protocol/exporter.md wants it, with the distribution in front.
    static let userAgent = "\(name)/\(version) OTel-OTLP-Exporter-Swift/\(version)"

    /// The version of the semantic conventions that the resource follows.
    static let schemaURL = "https://opentelemetry.io/schemas/1.40.0"
}
