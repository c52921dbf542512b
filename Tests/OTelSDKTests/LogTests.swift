import Instrumentation
import Logging
import OTLPWire
import Testing
import Tracing

@testable import OTelSDK

@Suite("Log records carry what was said, and where")
struct LogTests {
    private struct Moment: TracerInstant {
        var nanosecondsSinceEpoch: UInt64

        static func < (left: Moment, right: Moment) -> Bool { left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch }
    }

    private struct Broken: Error, CustomStringConvertible {
        var description: String { "it broke" }
    }

    /// What arrived of what `body` emitted.
    private func records(
        _ change: (inout OTelConfiguration) -> Void = { _ in },
        _ body: (OTel) -> Void
    ) async throws -> [LogRecord] {
        let collector = FakeCollector()
        let configuration = OTelConfiguration.stub {
            $0.logs.exporters = [.otlp]
            change(&$0)
        }
        let otel = OTel.stub(configuration, collector)
        body(otel)
        await otel.shutdown()
        return try collector.logs.flatMap(\.records)
    }

    private func value(_ record: LogRecord, _ key: String) -> AttributeValue? {
        record.attributes.first { $0.key == key }?.value
    }

    @Test("Every field of a record arrives as it was given")
    func whole() async throws {
        let record = try #require(
            try await records { otel in
                otel.logger(named: "library", version: "1.2").emit(
                    ["text": "a\u{0}b", "list": [1, 0.5, true, nil, ""]],
                    severity: OTelSeverity(rawValue: 19),
                    severityText: "alert",
                    eventName: "disk.full",
                    attributes: ["bytes": .bytes([0, 255]), "map": ["z": 1, "a": ["b": "c"]]],
                    timestamp: Moment(nanosecondsSinceEpoch: 1_000),
                    observedTimestamp: Moment(nanosecondsSinceEpoch: 2_000)
                )
            }.first
        )
        #expect(record.time == 1_000 && record.observedTime == 2_000)
        #expect(record.severityNumber == 19 && record.severityText == "alert" && record.eventName == "disk.full")
        #expect(
            record.body
                == .map([
                    Attribute(
                        key: "list",
                        value: .array([.int(1), .double(0.5), .bool(true), .empty, .string("")])
                    ),
                    Attribute(key: "text", value: .string("a\u{0}b")),
                ])
        )
        #expect(value(record, "bytes") == .bytes([0, 255]))
        let inner = AttributeValue.map([Attribute(key: "b", value: .string("c"))])
        #expect(
            value(record, "map") == .map([Attribute(key: "a", value: inner), Attribute(key: "z", value: .int(1))])
        )
        #expect(record.attributes.count == 2 && record.droppedAttributes == 0)
    }

    @Test("A bare record has the time at which it was seen, and belongs to no trace")
    func bare() async throws {
        let record = try #require(try await records { $0.logger(named: "l").emit("text") }.first)
        #expect(record.body == .string("text"))
        #expect(record.time == 0 && record.observedTime == 1_700_000_000_000_000_000)
        #expect(record.traceID == nil && record.spanID == nil && record.flags == 0)
        #expect(record.severityNumber == 0 && record.attributes.isEmpty && record.eventName.isEmpty)
    }

    @Test("A record belongs to the current span, or to the one it is given")
    func traceContext() async throws {
        let records = try await records { otel in
            let logger = otel.logger(named: "l")
            let other = otel.tracer.startSpan("other", context: .topLevel)
            otel.tracer.withSpan("current", context: .topLevel) { span in
                logger.emit(.string(span.spanID))
                logger.emit(.string(other.spanID), context: other.context)
            }
        }
        try #require(records.count == 2)
        for record in records { #expect(record.body == .string(record.spanID?.hex ?? "") && record.flags == 0x03) }
        #expect(records[0].traceID != nil && records[0].traceID != records[1].traceID)
    }

    @Test("An error becomes attributes, but for those that the caller gives")
    func exceptions() async throws {
        let records = try await records { otel in
            otel.logger(named: "l").emit(error: Broken())
            otel.logger(named: "l").emit(attributes: ["exception.message": "own"], error: Broken())
        }
        try #require(records.count == 2)
        #expect(value(records[0], "exception.message") == .string("it broke"))
        guard case .string(let type) = value(records[0], "exception.type") else {
            Issue.record("no type")
            return
        }
        #expect(type.hasSuffix("Broken"))
        #expect(value(records[1], "exception.message") == .string("own"))
        #expect(records[1].attributes.count == 2)
    }

    @Test("What exceeds a limit of log records is dropped and counted in the record")
    func limits() async throws {
        let record = try #require(
            try await records { configuration in
                configuration.logRecordLimits.attributes = 2
                configuration.logRecordLimits.attributeValueLength = 3
            } _: { otel in
                otel.logger(named: "l").emit(
                    "the body stays whole",
                    attributes: ["a": "long one", "b": ["long two", ["c": "long three"]], "c": "d", "e": "f"]
                )
            }.first
        )
        #expect(record.attributes.count == 2 && record.droppedAttributes == 2)
        #expect(record.body == .string("the body stays whole"))
        for attribute in record.attributes {
            switch attribute.key {
            case "a": #expect(attribute.value == .string("lon"))
            case "b":
                let inner = AttributeValue.map([Attribute(key: "c", value: .string("lon"))])
                #expect(attribute.value == .array([.string("lon"), inner]))
            default: break
            }
        }
    }

    @Test("Switched off and after shutdown nothing is enabled, and nothing arrives")
    func switchedOff() async throws {
        for change: (inout OTelConfiguration) -> Void in [{ $0.disabled = true }, { $0.logs.exporters = [] }] {
            let records = try await records(change) { otel in
                #expect(!otel.logger(named: "l").isEnabled())
                otel.logger(named: "l").emit("nothing")
            }
            #expect(records.isEmpty)
        }
        let collector = FakeCollector()
        let otel = OTel.stub(.stub { $0.logs.exporters = [.otlp] }, collector)
        let logger = otel.logger(named: "l")
        #expect(logger.isEnabled(severity: .info, eventName: "e"))
        await otel.shutdown()
        #expect(!logger.isEnabled())
        logger.emit("late")
        #expect(try collector.logs.isEmpty)
    }

    @Test("A severity is a number from 1 to 24")
    func severities() {
        #expect(OTelSeverity(rawValue: 0) == nil && OTelSeverity(rawValue: 25) == nil)
        #expect(OTelSeverity.info < .info2 && OTelSeverity(rawValue: 17) == .error)
    }
}
