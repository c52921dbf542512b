public import Logging
import OTLPWire

extension OTel {
    /// A logger of an instrumentation scope: the name of the library that makes the records, and its version.
    public func logger(named name: String, version: String = "") -> OTelLogger {
        OTelLogger(recorder: parts.logRecorder(InstrumentationScope(name: name, version: version)))
    }

    /// A handler for swift-log: `LoggingSystem.bootstrap(otel.logHandler(label:))`.
    public func logHandler(label: String) -> any LogHandler {
        logHandler(label: label, metadataProvider: nil)
    }

    /// The same with metadata: `LoggingSystem.bootstrap(otel.logHandler(label:metadataProvider:), metadataProvider: p)`.
    public func logHandler(label: String, metadataProvider: Logger.MetadataProvider?) -> any LogHandler {
        OTelLogHandler(
            parts.logRecorder(InstrumentationScope(name: label)),
            metadataProvider: metadataProvider
        )
    }
}
