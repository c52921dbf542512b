import GRPCTransport
import Testing

@testable import OTelSDK

@Suite("An endpoint is secure or not as the specification says")
struct EndpointTests {
    private func endpoint(_ change: (inout OTelConfiguration) -> Void) -> Endpoint {
        var configuration = OTelConfiguration()
        change(&configuration)
        return Endpoint(configuration, configuration.traces)
    }

    @Test(
        "A scheme wins over INSECURE; without one it is TLS unless INSECURE is true",
        arguments: [
            ("http://host:4317", nil, false), ("http://host:4317", false, false), ("https://host:4317", true, true),
            ("https://host", nil, true), ("host:4317", nil, true), ("host:4317", false, true),
            ("host:4317", true, false),
            ("unix:/run/otel.sock", nil, false), ("unix:/run/otel.sock", false, true),
        ] as [(String, Bool?, Bool)]
    )
    func security(text: String, insecure: Bool?, isSecure: Bool) {
        let endpoint = endpoint {
            $0.endpoint = text
            $0.insecure = insecure
        }
        #expect((endpoint.tls != nil) == isSecure && endpoint.target != nil && endpoint.problems.isEmpty)
    }

    @Test("The default endpoint is cleartext on this machine")
    func standard() {
        let endpoint = endpoint { _ in }
        #expect(endpoint.tls == nil && endpoint.target?.host == "localhost" && endpoint.target?.port == 4317)
    }

    @Test("A signal's own settings win over the general ones")
    func perSignal() {
        let endpoint = endpoint {
            $0.endpoint = "general:1"
            $0.headers = ["a": "1"]
            $0.tls.certificate = "/general.pem"
            $0.insecure = true
            $0.traces.endpoint = "own:2"
            $0.traces.headers = ["B": "2"]
            $0.traces.compression = .gzip
            $0.traces.insecure = false
            $0.traces.tls = TLSFiles()
            $0.traces.tls?.certificate = "/own.pem"
        }
        #expect(endpoint.target?.host == "own" && endpoint.headers == ["b": "2"] && endpoint.compression == .gzip)
        #expect(endpoint.tls?.certificateFile == "/own.pem")
    }

    @Test(
        "What cannot be used is said and nothing is sent",
        arguments: ["ftp://host", "", "host:99999", "http://host/path"]
    )
    func unusable(text: String) {
        let endpoint = endpoint { $0.endpoint = text }
        #expect(endpoint.target == nil && endpoint.problems.count == 1)
    }
}
