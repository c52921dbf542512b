import CollectorTestKit
import CoreMetrics
import GRPCTransport
import Testing
import Tracing

@testable import OTelSDK

@Suite("With TLS", .timeLimit(.minutes(1)))
struct EncryptedTests {
    private func configuration(
        _ server: GRPCServer,
        trusting authority: String = "authority",
        showing certificate: String? = nil
    ) throws -> OTelConfiguration {
        let certificates = try TestCertificates.shared()
        return .stub {
            $0.endpoint = "https://localhost:\(server.port)"
            $0.tls.certificate = certificates.path("\(authority).pem")
            guard let certificate else { return }
            $0.tls.clientCertificate = certificates.path("\(certificate).pem")
            $0.tls.clientKey = certificates.path("client.key")
        }
    }

    private func server(isMutual: Bool) throws -> GRPCServer {
        var settings = GRPCServerSettings()
        settings.tls = try TestCertificates.shared().server(clientAuthorities: isMutual ? "authority" : nil)
        return try GRPCServer.start(settings: settings) { _ in .message([]) }
    }

    @Test("Two signals share one encrypted connection, mutual too", arguments: [false, true])
    func arrives(isMutual: Bool) async throws {
        let server = try server(isMutual: isMutual)
        defer { server.stop() }
        var configuration = try configuration(server, showing: isMutual ? "client" : nil)
        configuration.metrics.exporters = [.otlp]
        let otel = OTel(configuration: configuration)
        otel.start()
        otel.metrics.makeCounter(label: "c", dimensions: []).increment(by: 1)
        otel.makeSpans(3)
        let report = await otel.shutdown()
        #expect(report.delivered == 3 && report.isBalanced && report.metricRequestsFailed == 0)
        #expect(server.acceptedConnections == 1)
    }

    @Test("A collector that is not to be trusted gets nothing, the spans are kept, and the report says why")
    func untrusted() async throws {
        let server = try server(isMutual: false)
        defer { server.stop() }
        let directory = TemporaryDirectory()
        var configuration = try configuration(server, trusting: "other-authority")
        configuration.spoolDirectory = directory.spool
        let otel = OTel(configuration: configuration)
        otel.start()
        otel.makeSpans(2)
        let report = await otel.shutdown()
        #expect(report.spooled == 2 && report.isBalanced)
        #expect(report.undelivered?.contains("is of an unknown authority") == true, "\(report)")
    }
}
