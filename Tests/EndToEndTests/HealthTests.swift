import Foundation
import Testing

@Suite("Health", .timeLimit(.minutes(2)))
struct HealthCommandTests {
    private func agent(in place: Place) throws -> [String: String] {
        let script = "#!/bin/sh\n[ \"$1\" = --version ] && echo '9.9.9 (Claude Code)'\n"
        let path = try place.write(script, to: "bin/claude")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return ["PATH": place.directory + "/bin:" + (Equipment.base["PATH"] ?? "")]
    }

    @Test("All is looked at, counted and traced, and no money spent")
    func healthy() async throws {
        let receiver = try await Receiver()
        let place = try Place(collector: receiver.server.url, environment: ["ANTHROPIC_API_KEY": "sk-ant-test-health"])
        let arguments = ["health", "--sandbox", "none", "--workspace", place.workspace]
        let end = try await place.run(arguments, environment: try agent(in: place))
        let json = try end.json
        #expect(end.code == 0, "\(end.output)\(end.errors)")
        #expect(json["status"] == "ok")
        #expect(json["agent"] == "9.9.9")
        #expect(json["credential"] == "set")
        #expect(json["collector"] == "reachable")
        #expect(json["journal"] == "ok")
        #expect(json["spool"] == "empty")
        #expect(!end.output.contains("sk-ant-test-health"))
        let spans = try receiver.requests("traces").flatMap { $0["request"]["resourceSpans"].array }
            .flatMap { $0["scopeSpans"].array }.flatMap { $0["spans"].array }
        #expect(spans.map { $0["name"] } == ["orchestrator.health_check"])
        #expect(spans.first?["events"].array.count == 6)
        let totals = try receiver.totals(ofTrace: spans.first?["traceId"].string)
        #expect(totals["orchestrator_health_checks_total{status=ok}"]?.value == 1)
        #expect(totals["orchestrator_health_checks_total{status=failing}"]?.value == 0)
    }

    @Test("A container that is not there is told with the way out, and exit code 1")
    func noContainer() async throws {
        let place = try Place(collector: try ClosedPort.shared.url)
        let end = try await place.run(["health", "--container", "orchestrator-cli-none"])
        let json = try end.json
        #expect(end.code == 1)
        #expect(json["status"] == "failing")
        #expect(json["sandbox"] == "missing")
        #expect(json["agent"] == .null)
        #expect(json["collector"] == "unreachable")
        let sandbox = json["checks"].array.first { $0["name"] == "sandbox" }
        #expect(sandbox?["status"] == "failing")
        #expect(sandbox?["remedy"].string?.isEmpty == false)
        let again = try await place.run(["health", "--check", "spool", "--check", "journal"]).json
        #expect(again["status"] == "ok")
        #expect(again["spool"] == "1 span waiting")
        #expect(again["checks"].array.count == 2)
    }

    @Test("A journal that cannot be used is a finding, not the end")
    func noJournal() async throws {
        let place = try Place(collector: try ClosedPort.shared.url)
        try place.write("no database at all, and long enough to be one", to: "state/journal.db")
        let end = try await place.run(["health", "--check", "journal", "--check", "collector"])
        #expect(end.code == 1)
        let json = try end.json
        #expect(json["journal"] == "unusable")
        #expect(
            json["checks"].array.first { $0["name"] == "journal" }?["detail"].string?.contains("journal.db") == true
        )
    }

    @Test("A name that is none is a usage error that lists the names")
    func unknownName() async throws {
        let place = try Place(collector: nil)
        let end = try await place.run(["health", "--check", "docker"])
        #expect(end.code == 64)
        #expect(end.errors.contains("sandbox") && end.errors.contains("spool"), "\(end.errors)")
        #expect(!FileManager.default.fileExists(atPath: place.state))
    }
}
