import Instrumentation
import Logging
import OTLPWire
import Testing
import Tracing

@testable import OTelSDK

@Suite("What is logged with swift-log arrives as log records")
struct LogHandlerTests {
    private struct Broken: Error, CustomStringConvertible {
        var description: String { "it broke" }
    }

    private func logs(
        _ provider: Logger.MetadataProvider? = nil,
        _ body: (inout Logger, OTel) -> Void
    ) async throws -> [ScopedLogs] {
        let collector = FakeCollector()
        let otel = OTel.stub(.stub { $0.logs.exporters = [.otlp] }, collector)
        var logger = Logger(label: "orders") { otel.logHandler(label: $0, metadataProvider: provider) }
        body(&logger, otel)
        await otel.shutdown()
        return try collector.logs
    }

    private func value(_ record: LogRecord?, _ key: String) -> AttributeValue? {
        record?.attributes.first { $0.key == key }?.value
    }

    @Test("Each level has its severity, and what is below the handler's level does not arrive")
    func levels() async throws {
        let scopes = try await logs { logger, _ in
            logger.debug("not yet")
            logger.logLevel = .trace
            for level in Logger.Level.allCases { logger.log(level: level, "\(level)") }
        }
        let records = scopes.flatMap(\.records)
        #expect(records.map(\.severityNumber) == [1, 5, 9, 10, 13, 17, 21])
        #expect(records.map(\.severityText) == Logger.Level.allCases.map(\.rawValue))
        #expect(records.map(\.body) == Logger.Level.allCases.map { .string("\($0)") })
    }

    @Test("The label is the scope, and the line tells its time and its place")
    func place() async throws {
        let scopes = try await logs { logger, _ in
            logger.info("here", file: "App/Main.swift", function: "run()", line: 7)
        }
        #expect(scopes.map(\.scope.name) == ["orders"])
        let record = scopes.first?.records.first
        #expect(record?.time == 1_700_000_000_000_000_000 && record?.observedTime == record?.time)
        #expect(value(record, "code.file.path") == .string("App/Main.swift"))
        #expect(value(record, "code.function.name") == .string("run()"))
        #expect(value(record, "code.line.number") == .int(7))
    }

    @Test("Metadata keeps its structure, and numbers and Booleans their type")
    func metadata() async throws {
        let scopes = try await logs { logger, _ in
            logger.info(
                "m",
                metadata: [
                    "text": "a", "int": .stringConvertible(-3), "double": .stringConvertible(0.5),
                    "bool": .stringConvertible(true), "other": .stringConvertible(UInt8(4)),
                    "nested": ["list": ["x", ["y": .stringConvertible(1)]]],
                ]
            )
        }
        let record = scopes.first?.records.first
        #expect(value(record, "text") == .string("a") && value(record, "int") == .int(-3))
        #expect(value(record, "double") == .double(0.5) && value(record, "bool") == .bool(true))
        #expect(value(record, "other") == .string("4"))
        let inner = AttributeValue.map([Attribute(key: "y", value: .int(1))])
        #expect(
            value(record, "nested") == .map([Attribute(key: "list", value: .array([.string("x"), inner]))])
        )
    }

    @Test("A line's own metadata wins over the provider's, and that over the logger's")
    func precedence() async throws {
        let provider = Logger.MetadataProvider { ["a": "provider", "b": "provider", "c": "provider"] }
        let scopes = try await logs(provider) { logger, _ in
            logger[metadataKey: "b"] = "logger"
            logger[metadataKey: "d"] = "logger"
            logger.info("m", metadata: ["a": "line"])
        }
        let record = scopes.first?.records.first
        #expect(value(record, "a") == .string("line") && value(record, "b") == .string("provider"))
        #expect(value(record, "c") == .string("provider") && value(record, "d") == .string("logger"))
        #expect(record?.attributes.count == 7)
    }

    @Test("An error of a line, and the span that it was written in, are in the record")
    func errorAndSpan() async throws {
        var spanID = ""
        let scopes = try await logs { logger, otel in
            otel.tracer.withSpan("s", context: .topLevel) { span in
                spanID = span.spanID
                logger.error("failed", error: Broken())
            }
        }
        let record = scopes.first?.records.first
        #expect(record?.spanID?.hex == spanID && record?.flags == 0x03)
        #expect(value(record, "exception.message") == .string("it broke"))
    }

    @Test("A logger is a value: a change to a copy leaves the other as it was")
    func values() {
        let otel = OTel.stub(.stub(), FakeCollector())
        var first = otel.logHandler(label: "l")
        let second = first
        first.logLevel = .critical
        first[metadataKey: "k"] = "v"
        #expect(second.logLevel == .info && second.metadata.isEmpty)
    }
}
