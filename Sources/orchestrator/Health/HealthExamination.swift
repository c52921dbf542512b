import Agents
import OTelSDK
import Runner
import Sandbox

/// Looks at everything a task needs, as the preflight does, and goes on where one thing is missing.
struct HealthExamination: Sendable {
    /// Looks at the sandbox.
    var inspectSandbox: @Sendable () async throws -> SandboxDescription
    /// Looks at the agent in it, and at its credential.
    var inspectAgent: @Sendable () async throws -> AgentDescription
    /// Looks at the agent alone, where its credential is missing.
    var inspectAgentWithoutCredential: @Sendable () async throws -> AgentDescription
    /// Whether the agent needs a credential at all.
    var needsCredential: Bool
    /// Looks at the collector, within a bound.
    var checkCollector: @Sendable (Duration) async -> CollectorCheck
    /// Reads the journal.
    var readJournal: @Sendable () async throws -> Void
    /// Looks into the spool.
    var readSpool: @Sendable () -> TelemetrySpool
    /// The bound of each check.
    var limit = Duration.seconds(10)

    /// Makes the checks, at the same time where one does not need another, and gives those that were asked for.
    ///
    /// - Parameter names: The checks; their order is that of the result.
    /// - Returns: What each came to.
    func run(_ names: [HealthCheckName]) async -> [HealthCheck] {
        let wanted = Set(names)
        async let place = wanted.isDisjoint(with: [.sandbox, .agent, .credential]) ? [] : placeChecks()
        async let collector = wanted.contains(.collector) ? [collectorCheck()] : []
        async let journal = wanted.contains(.journal) ? [journalCheck()] : []
        let spool = wanted.contains(.spool) ? [await timed { spoolCheck() }] : []
        let found = await place + collector + journal + spool
        return names.compactMap { name in found.first { $0.name == name } }
    }

    /// Sandbox, agent and credential, each of which needs the one before.
    private func placeChecks() async -> [HealthCheck] {
        let sandbox = await sandboxCheck()
        guard sandbox.status == .ok else {
            return [sandbox, .skipped(.agent, because: .sandbox), .skipped(.credential, because: .sandbox)]
        }
        return await [sandbox] + agentChecks()
    }

    private func sandboxCheck() async -> HealthCheck {
        await timed {
            do {
                let description = try await bounded(inspectSandbox)
                let word = description.kind == .docker ? "running" : "available"
                let names = [description.kind.rawValue, description.containerName].compactMap { $0 }
                let detail = [names.joined(separator: " "), description.warning].compactMap { $0 }
                return HealthCheck(name: .sandbox, status: .ok, word: word, detail: detail.joined(separator: ": "))
            } catch {
                let word = (error as? SandboxError).map { Self.word($0.code) } ?? "unusable"
                return .failing(.sandbox, word, error, limit)
            }
        }
    }

    private func agentChecks() async -> [HealthCheck] {
        let clock = ContinuousClock()
        let start = clock.now
        var missing: AgentError?
        var agent: HealthCheck
        do {
            let description: AgentDescription
            do {
                description = try await bounded(inspectAgent)
            } catch let error as AgentError where error.code == .credentialMissing {
                missing = error
                description = try await bounded(inspectAgentWithoutCredential)
            }
            let unloaded = description.untrustedSettings.joined(separator: ", ")
            agent = HealthCheck(name: .agent, status: .ok, word: description.version ?? "unknown")
            if !unloaded.isEmpty { agent.detail = "Not loaded from the workspace: \(unloaded)." }
        } catch {
            agent = .failing(.agent, "missing", error, limit)
        }
        agent.duration = clock.now - start
        guard agent.status == .ok || missing != nil else { return [agent, .skipped(.credential, because: .agent)] }
        return [agent, credentialCheck(missing)]
    }

    private func credentialCheck(_ missing: AgentError?) -> HealthCheck {
        if let missing { return .failing(.credential, "missing", missing, limit) }
        guard needsCredential else {
            return HealthCheck(name: .credential, status: .skipped, word: "not needed", detail: "A replay needs none.")
        }
        return HealthCheck(name: .credential, status: .ok, word: "set")
    }

    private func collectorCheck() async -> HealthCheck {
        await timed {
            switch await checkCollector(limit) {
            case .answers:
                return HealthCheck(name: .collector, status: .ok, word: "reachable")
            case .refuses(let reason):
                let remedy = "look at its log, and at OTEL_EXPORTER_OTLP_HEADERS"
                return HealthCheck(
                    name: .collector,
                    status: .failing,
                    word: "reachable",
                    detail: reason,
                    remedy: remedy
                )
            case .unreachable(let reason):
                let remedy = "make observability, or name one with OTEL_EXPORTER_OTLP_ENDPOINT; tasks run without one"
                return HealthCheck(
                    name: .collector,
                    status: .failing,
                    word: "unreachable",
                    detail: reason,
                    remedy: remedy
                )
            case .notUsed:
                let detail = "OTEL_SDK_DISABLED or OTEL_TRACES_EXPORTER says that none gets traces."
                return HealthCheck(name: .collector, status: .skipped, word: "not used", detail: detail)
            }
        }
    }

    private func journalCheck() async -> HealthCheck {
        await timed {
            do {
                try await bounded(readJournal)
                return HealthCheck(name: .journal, status: .ok, word: "ok")
            } catch {
                return .failing(.journal, "unusable", error, limit)
            }
        }
    }

    private func spoolCheck() -> HealthCheck {
        let spool = readSpool()
        let spans = spool.spans + spool.spansOfKilledProcesses
        let word = spool.isWaiting ? "\(spans) \(spans == 1 ? "span" : "spans") waiting" : "empty"
        var check = HealthCheck(name: .spool, status: .ok, word: word)
        if spool.damagedFiles > 0 { check.detail = "\(spool.damagedFiles) damaged files were set aside." }
        return check
    }

    private static func word(_ code: SandboxError.Code) -> String {
        switch code {
        case .toolMissing, .containerMissing: "missing"
        case .daemonUnreachable: "unreachable"
        case .containerNotRunning: "stopped"
        default: "unusable"
        }
    }
}
