import Testing

@testable import GRPCTransport

@Suite("Targets")
struct TargetTests {
    @Test(
        "Hosts and ports are read from all the forms that are usual",
        arguments: [
            ("http://localhost:4317", "localhost", 4317), ("http://localhost", "localhost", 4317),
            ("HTTP://Collector.example:80/", "Collector.example", 80), ("localhost:1", "localhost", 1),
            ("collector_1", "collector_1", 4317), ("[::1]:4318", "::1", 4318), ("[::1]", "::1", 4317),
            ("::1", "::1", 4317), ("http://[fe80::1%eth0]:5", "fe80::1%eth0", 5),
            ("127.0.0.1:65535", "127.0.0.1", 65535),
            ("dns:///otel:9", "otel", 9), ("dns:otel:9", "otel", 9),
        ]
    )
    func readable(text: String, host: String, port: UInt16) throws {
        #expect(try GRPCTarget(parsing: text) == GRPCTarget(host: host, port: port))
    }

    @Test(
        "What is no target is refused, and quoted",
        arguments: [
            "", ":4317", "http://", "localhost:", "localhost:0", "localhost:65536", "localhost:+1", "localhost:x",
            "http://localhost:4318/v1/traces", "http://user@localhost", "http://localhost?x", "[localhost]:1",
            "[::1]4317", "two words", "münchen.example", "a/b",
        ]
    )
    func unreadable(text: String) {
        let error = #expect(throws: GRPCConfigurationError.self) { try GRPCTarget(parsing: text) }
        #expect(error?.code == .invalidTarget)
        #expect(error?.message.contains("'\(text)'") == true)
    }

    @Test(
        "What is not built in yet says so",
        arguments: ["https://localhost:4317", "unix:///run/otel.sock", "ftp://x"]
    )
    func unsupported(text: String) {
        let error = #expect(throws: GRPCConfigurationError.self) { try GRPCTarget(parsing: text) }
        #expect(error?.code == .unsupportedScheme)
        #expect(error?.message.contains("http://host:port") == true)
    }

    @Test("The authority has an IPv6 address in brackets")
    func authority() {
        #expect(GRPCTarget(host: "::1", port: 2).description == "[::1]:2")
        #expect(GRPCTarget(host: "a", port: 2).description == "a:2")
    }
}
