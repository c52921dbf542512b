import Logging
import Testing
import Tracing

@testable import OTelSDK

@Suite("A receiver that is not ours gets the log records that were meant", .serialized)
struct LogReceiverTests {
    private struct Broken: Error, CustomStringConvertible {
        var description: String { "it broke" }
    }

    @Test(
        "Records and lines of swift-log arrive, without a field that the official definition lacks",
        .timeLimit(.minutes(1))
    )
    func arrives() async throws {
        let receiver = try GRPCIOReceiver()
        let otel = OTel(
            configuration: .stub {
                $0.endpoint = "http://127.0.0.1:\(receiver.port)"
                $0.traces.exporters = []
                $0.logs.exporters = [.otlp]
            }
        )
        otel.start()
        otel.logger(named: "library", version: "1.2").emit(
            ["nul": "a\u{0}b", "none": nil, "list": [1, 0.5, true, ""]],
            severity: .fatal,
            severityText: "PANIC",
            eventName: "disk.full",
            attributes: ["bytes": .bytes([0, 255]), "empty": ""]
        )
        var context = ServiceContext.topLevel
        let parent = ["TRACEPARENT": PropagationTests.valid]
        otel.tracer.extract(parent, into: &context, using: EnvironmentCarrier())
        let logger = Logger(label: "orders") { otel.logHandler(label: $0) }
        ServiceContext.withValue(context) {
            logger.warning("low", error: Broken(), metadata: ["disk": ["free": .stringConvertible(7)]])
        }
        let report = await otel.shutdown()
        #expect(report.isBalanced && report.undelivered == nil)

        let lines = try receiver.lines()
        #expect(lines.count == 1 && lines.allSatisfy { $0.signal == "logs" && $0.unknownFields != true })
        let scopes = try #require(lines.first?.request)["resourceLogs"][0]["scopeLogs"]
        #expect(scopes.count == 2)
        let library = (0..<2).map { scopes[$0] }.first { $0["scope"]["name"] == .string("library") } ?? .null
        #expect(library["scope"]["version"] == .string("1.2"))
        let event = library["logRecords"][0]
        #expect(event["eventName"] == .string("disk.full") && event["severityText"] == .string("PANIC"))
        #expect(event["severityNumber"] == .number(21) || event["severityNumber"] == .string("SEVERITY_NUMBER_FATAL"))
        #expect(event["attributes"].attribute("bytes")["bytesValue"] == .string("AP8="))
        #expect(event["attributes"].attribute("empty")["stringValue"] == .string(""))
        let body = event["body"]["kvlistValue"]["values"]
        #expect(body.attribute("nul")["stringValue"] == .string("a\u{0}b"))
        #expect(body.attribute("list")["arrayValue"]["values"][0]["intValue"] == .string("1"))
        #expect(event["traceId"] == .null)

        let orders = (0..<2).map { scopes[$0] }.first { $0["scope"]["name"] == .string("orders") } ?? .null
        let line = orders["logRecords"][0]
        #expect(line["body"]["stringValue"] == .string("low") && line["flags"] == .number(1))
        #expect(line["traceId"] == .string("0af7651916cd43dd8448eb211c80319c"))
        #expect(line["spanId"] == .string("b7ad6b7169203331"))
        #expect(line["timeUnixNano"] == line["observedTimeUnixNano"])
        #expect(line["attributes"].attribute("exception.message")["stringValue"] == .string("it broke"))
        let disk = line["attributes"].attribute("disk")["kvlistValue"]["values"]
        #expect(disk.attribute("free")["intValue"] == .string("7"))
    }
}
