import Instrumentation
public import Logging
import OTLPWire

/// The backend for swift-log: each line becomes a log record of the trace that it was written in.
///
/// The label names the instrumentation scope. Metadata becomes attributes, arrays and dictionaries among them; a value
/// that is a number or a Boolean stays one. Where the line stands is told by `code.*`.
public struct OTelLogHandler: LogHandler {
    /// Lines below it are not recorded.
    public var logLevel = Logger.Level.info

    /// Goes with every line; what a line says itself wins.
    public var metadata: Logger.Metadata = [:]

    /// Asked for metadata at every line.
    public var metadataProvider: Logger.MetadataProvider?

    private let recorder: LogRecorder

    init(_ recorder: LogRecorder, metadataProvider: Logger.MetadataProvider?) {
        self.recorder = recorder
        self.metadataProvider = metadataProvider
    }

    /// One value of ``metadata``.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Records the line; never waits.
    public func log(event: LogEvent) {
        guard recorder.isEnabled else { return }
        let now = recorder.now
        var draft = recorder.begin(
            severity: OTelSeverity(event.level),
            time: now,
            observedTime: now,
            context: ServiceContext.current
        )
        draft.severityText(event.level.rawValue)
        draft.body(.string(event.message.description))
        let all = merged(event.metadata)
        for (key, value) in all { draft.attribute(key, AttributeValue(value)) }
        if let error = event.error { draft.error(error) { all[$0] == nil } }
        draft.attribute("code.file.path", event.file)
        draft.attribute("code.function.name", event.function)
        draft.attribute("code.line.number", Int64(event.line))
        draft.emit()
    }

    /// The line's metadata over the provider's over the handler's.
    private func merged(_ own: Logger.Metadata?) -> Logger.Metadata {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, later in later } }
        guard let own else { return all }
        if all.isEmpty { return own }
        all.merge(own) { _, later in later }
        return all
    }
}

extension OTelSeverity {
    /// By the table of the specification (logs/data-model-appendix.md): notice is more than info, critical is fatal.
    init(_ level: Logger.Level) {
        switch level {
        case .trace: self = .trace
        case .debug: self = .debug
        case .info: self = .info
        case .notice: self = .info2
        case .warning: self = .warn
        case .error: self = .error
        case .critical: self = .fatal
        }
    }
}

extension AttributeValue {
    /// Numbers and Booleans keep their type, anything else is what its description says.
    init(_ value: Logger.MetadataValue) {
        switch value {
        case .string(let text): self = .string(text)
        case .array(let values): self = .array(values.map(AttributeValue.init))
        case .dictionary(let members):
            self = .map(
                members.sorted { $0.key < $1.key }.map { Attribute(key: $0.key, value: AttributeValue($0.value)) }
            )
        case .stringConvertible(let value):
            switch value {
            case let number as Int: self = .int(Int64(number))
            case let number as Int64: self = .int(number)
            case let number as Int32: self = .int(Int64(number))
            case let number as Double: self = .double(number)
            case let flag as Bool: self = .bool(flag)
            default: self = .string(value.description)
            }
        }
    }
}
