import Agents
import ArgumentParser
import Foundation
import Journal
import OTelSDK
import Sandbox
import Testing

@testable import orchestrator

@Suite("Health", .timeLimit(.minutes(2)))
struct HealthTests {
    struct Broken: Error {}

    /// An examination of a machine on which everything is in order, but for what is given.
    private func examination(
        sandbox: @escaping @Sendable () async throws -> SandboxDescription = {
            SandboxDescription(kind: .docker, containerName: "box")
        },
        agent: @escaping @Sendable () async throws -> AgentDescription = { AgentDescription(version: "2.1.330") },
        keyed: @escaping @Sendable () async throws -> AgentDescription = { AgentDescription(version: "2.1.330") },
        needsCredential: Bool = true,
        collector: CollectorCheck = .answers,
        journal: @escaping @Sendable () async throws -> Void = {},
        spool: TelemetrySpool = TelemetrySpool(directory: "/nonexistent"),
        limit: Duration = .seconds(60)
    ) -> HealthExamination {
        HealthExamination(
            inspectSandbox: sandbox,
            inspectAgent: agent,
            inspectAgentWithoutCredential: keyed,
            needsCredential: needsCredential,
            checkCollector: { _ in collector },
            readJournal: journal,
            readSpool: { spool },
            limit: limit
        )
    }

    private func report(
        _ examination: HealthExamination,
        _ names: [HealthCheckName] = HealthCheckName.allCases,
        isByName: Bool = false
    ) async -> HealthReport {
        HealthReport(
            at: Date(timeIntervalSince1970: 1_700_000_000),
            checks: await examination.run(names),
            isByName: isByName
        )
    }

    private func object(_ report: HealthReport) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: JSONEncoder().encode(report)) as? [String: Any])
    }

    @Test("Where all is in order, every field has its word")
    func healthy() async throws {
        let report = await report(examination())
        #expect(report.status == .ok)
        let object = try object(report)
        #expect(object["schema_version"] as? Int == 1)
        #expect(object["status"] as? String == "ok")
        #expect(object["timestamp"] as? String == "2023-11-14T22:13:20Z")
        let words = ["sandbox", "agent", "credential", "collector", "journal", "spool"].map { object[$0] as? String }
        #expect(words == ["running", "2.1.330", "set", "reachable", "ok", "empty"])
        let checks = try #require(object["checks"] as? [[String: Any]])
        #expect(checks.map { $0["name"] as? String } == HealthCheckName.allCases.map(\.rawValue))
        #expect(checks.allSatisfy { $0["status"] as? String == "ok" && $0["duration_seconds"] is Double })
        #expect(checks.allSatisfy { $0.keys.contains("remedy") }, "what is not known is null, never absent")
    }

    @Test("Without a sandbox the others are looked at all the same, and what needs it is skipped")
    func noSandbox() async throws {
        let error = SandboxError(.containerNotRunning, "The container box is stopped.", remedy: "docker start box")
        let report = await report(examination(sandbox: { throw error }))
        #expect(report.status == .failing)
        #expect(report.checks.map(\.status) == [.failing, .skipped, .skipped, .ok, .ok, .ok])
        #expect(report.checks[0].word == "stopped")
        #expect(report.checks[0].detail == "The container box is stopped.")
        #expect(report.checks[0].remedy == "docker start box")
        #expect(try object(report)["agent"] is NSNull)
    }

    @Test("A missing credential does not hide which agent is there")
    func noCredential() async {
        let report = await report(
            examination(agent: {
                throw AgentError(.credentialMissing, "No credential.", remedy: "export ANTHROPIC_API_KEY=…")
            })
        )
        #expect(report.status == .failing)
        #expect(report.checks[1].status == .ok)
        #expect(report.checks[1].word == "2.1.330")
        #expect(report.checks[2].status == .failing)
        #expect(report.checks[2].word == "missing")
        #expect(report.checks[2].remedy == "export ANTHROPIC_API_KEY=…")
    }

    @Test("Without an agent nothing is said of its credential")
    func noAgent() async {
        let report = await report(examination(agent: { throw AgentError(.notInstalled, "No claude.") }))
        #expect(report.checks.map(\.status) == [.ok, .failing, .skipped, .ok, .ok, .ok])
        #expect(report.status == .failing)
    }

    @Test("A collector that is not there fails its check, but counts only if it is asked for")
    func noCollector() async {
        let examination = examination(collector: .unreachable("cannot connect to localhost:4317"))
        let all = await report(examination)
        #expect(all.checks[3].status == .failing)
        #expect(all.checks[3].word == "unreachable")
        #expect(all.status == .ok)
        let one = await report(examination, [.collector], isByName: true)
        #expect(one.checks.map(\.name) == [.collector])
        #expect(one.status == .failing)
    }

    @Test("What is asked for by name and cannot be looked at is not in order")
    func skippedByName() async {
        let examination = examination(sandbox: { throw SandboxError(.daemonUnreachable, "No daemon.") })
        let report = await report(examination, [.credential], isByName: true)
        #expect(report.checks.map(\.status) == [.skipped])
        #expect(report.status == .failing)
    }

    @Test("A replay needs no credential, and is none the worse for it")
    func replay() async {
        let report = await report(examination(needsCredential: false))
        #expect(report.checks[2].status == .skipped)
        #expect(report.checks[2].word == "not needed")
        #expect(report.status == .ok)
    }

    @Test("A broken journal is a finding, in its own words")
    func noJournal() async {
        let report = await report(examination(journal: { throw Broken() }))
        #expect(report.checks[4].status == .failing)
        #expect(report.checks[4].detail == "Broken()")
        #expect(report.status == .failing)
    }

    @Test("What waits in the spool is told and is no failure")
    func waiting() async {
        var spool = TelemetrySpool(directory: "/nonexistent")
        spool.requests = 1
        spool.spans = 3
        spool.damagedFiles = 1
        let report = await report(examination(spool: spool))
        #expect(report.checks[5].word == "3 spans waiting")
        #expect(report.checks[5].detail == "1 damaged files were set aside.")
        #expect(report.status == .ok)
    }

    @Test("A check that gets no answer ends at its bound, and the others are made")
    func bounded() async {
        let examination = examination(
            sandbox: {
                try await Task.sleep(for: .seconds(3600))
                return SandboxDescription(kind: .docker)
            },
            limit: .milliseconds(50)
        )
        let report = await report(examination)
        #expect(report.checks[0].status == .failing)
        #expect(report.checks[0].detail == "No answer within 50ms.")
        #expect(report.checks[3...].allSatisfy { $0.status == .ok })
    }

    @Test("A name that is none is refused with the names that there are")
    func unknownName() {
        let error = #expect(throws: (any Error).self) { try HealthCommand.parse(["--check", "docker"]) }
        let message = error.map { HealthCommand.message(for: $0) } ?? ""
        for name in HealthCheckName.allCases { #expect(message.contains(name.rawValue), "\(message)") }
    }
}
