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
            ("127.0.0.1:65535", "127.0.0.1", 65535), ("unix", "unix", 4317), ("https", "https", 4317),
            ("dns:///otel:9", "otel", 9), ("dns:otel:9", "otel", 9), ("HTTPS://[::1]", "::1", 4317),
        ]
    )
    func readable(text: String, host: String, port: UInt16) throws {
        #expect(try GRPCTarget(parsing: text).place == .network(host: host, port: port))
    }

    @Test(
        "The scheme decides about TLS; without one the caller does",
        arguments: [
            ("https://a:1", true), ("HttpS://a", true), ("http://a:1", false), ("a:1", nil), ("[::1]:1", nil),
            ("dns:///a:1", nil), ("unix:/a", nil), ("unix-abstract:a", nil),
        ] as [(String, Bool?)]
    )
    func schemes(text: String, usesTLS: Bool?) throws {
        #expect(try GRPCTarget(parsing: text).usesTLS == usesTLS)
    }

    @Test(
        "Unix sockets are read in all of gRPC's forms",
        arguments: [
            ("unix:/run/otel.sock", GRPCTarget.Place.unix(path: "/run/otel.sock"), "unix:/run/otel.sock"),
            ("unix:///run/otel.sock", .unix(path: "/run/otel.sock"), "unix:/run/otel.sock"),
            ("UNIX:otel.sock", .unix(path: "otel.sock"), "unix:otel.sock"),
            ("unix:4317", .unix(path: "4317"), "unix:4317"),
            ("unix:/a b?c#d:e", .unix(path: "/a b?c#d:e"), "unix:/a b?c#d:e"),
            ("unix-abstract:otel", .abstract(name: "otel"), "unix-abstract:otel"),
        ]
    )
    func unixSockets(text: String, place: GRPCTarget.Place, description: String) throws {
        let target = try GRPCTarget(parsing: text)
        #expect(target.place == place)
        #expect(target.description == description)
        #expect(target.authority == "localhost")
        #expect(target.host == "localhost")
    }

    @Test(
        "What is no target is refused, and quoted",
        arguments: [
            "", ":4317", "http://", "https://", "localhost:", "localhost:0", "localhost:65536", "localhost:+1",
            "localhost:x", "http://localhost:4318/v1/traces", "https://localhost/x", "http://user@localhost",
            "http://localhost?x", "[localhost]:1", "[::1]4317", "two words", "münchen.example", "a/b",
            "dns://8.8.8.8/a:1", "dns://x", "unix:", "unix://", "unix://run/otel.sock", "unix-abstract:",
            "unix-abstract:///a",
            "unix:/a\0b",
        ]
    )
    func unreadable(text: String) {
        let error = #expect(throws: GRPCConfigurationError.self) { try GRPCTarget(parsing: text) }
        #expect(error?.message.contains("'\(text)'") == true)
    }

    @Test("A path that the kernel cannot take is refused with both lengths", arguments: ["unix:", "unix-abstract:"])
    func longPath(scheme: String) throws {
        let longest = String(repeating: "a", count: 107)
        _ = try GRPCTarget(parsing: scheme + longest)
        let error = #expect(throws: GRPCConfigurationError.self) { try GRPCTarget(parsing: scheme + longest + "b") }
        #expect(error?.message.contains("108 bytes, and the system takes 107") == true)
    }

    @Test("An unknown scheme is named with those that are known", arguments: ["ftp://x", "grpc://x:1"])
    func unsupported(text: String) {
        let error = #expect(throws: GRPCConfigurationError.self) { try GRPCTarget(parsing: text) }
        #expect(error?.code == .unsupportedScheme)
        #expect(error?.message.contains("https://host:port") == true)
    }

    @Test("The authority has an IPv6 address in brackets")
    func authority() {
        #expect(GRPCTarget(host: "::1", port: 2).authority == "[::1]:2")
        #expect(GRPCTarget(host: "a", port: 2).description == "a:2")
    }
}
