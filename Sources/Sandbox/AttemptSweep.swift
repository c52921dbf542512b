import FoundationEssentials

/// Ends all processes of an attempt, wherever it runs: the script, its call, and the reading of its answer.
struct AttemptSweep: Sendable {
    /// The attempt's id.
    var attempt: String
    /// How long they may take to end by themselves after SIGTERM.
    var grace: Duration
    /// When the attempt began, if strangers that began later are to be named.
    var since: Date?
    /// What is looked at.
    var view: View
    /// Where supervisors leave their reports, as the script sees it.
    var reportPlaces = Supervision.usualPlaces

    enum View: Sendable {
        /// A container, from inside.
        case container
        /// A namespace of the attempt's own, from outside; processes are told by the numbers that they have in it.
        case namespace
        /// The machine itself, with the workspace's path.
        case workspace(String)

        fileprivate var word: String {
            switch self {
            case .container: "container"
            case .namespace: "namespace"
            case .workspace(let path): path
            }
        }
    }

    /// What all of it may take as the script sees it, and as the caller waits for it.
    static let limit = Duration.seconds(9)
    static let patience = Duration.seconds(10)
    /// How much older than the attempt a stranger may be: the script reads the clock a moment later than it is called.
    static let clockSlack = 0.5
    /// SIGKILL has to come well before the limit.
    static let longestGrace = Duration.seconds(7)

    /// The argument vector that does it, for wherever the processes are.
    var arguments: [String] {
        let bounded = max(.zero, min(grace, Self.longestGrace))
        let age = since.map { Duration.seconds(Date.now.timeIntervalSince($0)).hundredths } ?? ""
        return [
            "/bin/sh", "-c", Self.script, "sh", attempt, bounded.hundredths, Self.limit.hundredths,
            reportPlaces.joined(separator: "\n"), Supervision.reportName(of: attempt), age, view.word,
        ]
    }

    /// Runs the sweep on this machine, which sees the processes of its namespaces too.
    func runOnHost() async -> StopReport {
        if !attempt.isEmpty, areProvenAbsent { return StopReport() }
        let arguments = arguments
        let shell = HostProcess(
            executable: arguments[0],
            arguments: Array(arguments.dropFirst()),
            environment: ["PATH": standardSearchPath],
            workingDirectory: "/"
        )
        return await run(by: shell) { result, output in
            let words = (output + result.standardError).split(separator: "\n").joined(separator: " ")
            return StopReport(failure: "it could not be looked at: \(words)")
        }
    }

    /// Whether a quick look shows that the script would find nothing.
    private var areProvenAbsent: Bool {
        let report = "/" + Supervision.reportName(of: attempt)
        if reportPlaces.contains(where: { HostWorkspace.exists($0 + report) }) { return false }
        if case .workspace(let path) = view, let since, WorkspaceNewcomers(workspace: path, since: since).mayExist {
            return false
        }
        return MarkedProcesses(
            marker: "\(SandboxCommand.attemptVariable)=\(attempt)",
            supervisorMarker: "\(Supervision.variable)=\(attempt)"
        ).areProvenAbsent
    }

    /// Runs the sweep by a process of this machine, within ``patience``, whether or not the calling task is cancelled.
    ///
    /// - Parameters:
    ///   - process: Runs ``arguments``.
    ///   - explain: Says why, when the process ended without the script's answer.
    /// - Returns: What the script told, or why it could not.
    func run(
        by process: HostProcess,
        explain: @escaping @Sendable (_ result: CommandResult, _ output: String) -> StopReport
    ) async -> StopReport {
        let (attempt, patience) = (attempt, Self.patience)
        // A task of its own, because the stop is most needed when the caller's has been cancelled.
        return await Task {
            guard !attempt.isEmpty, !attempt.utf8.contains(0) else {
                return StopReport(failure: "an attempt needs an id to be found by")
            }
            do {
                let captured = try await process.capture(limit: 1 << 20, within: patience)
                let output = String(decoding: captured.output, as: UTF8.self)
                return StopReport(sweepOutput: output) ?? explain(captured.result, output)
            } catch is TimeLimitExceeded {
                return StopReport(failure: "it could not be looked at within \(patience)")
            } catch {
                return StopReport(failure: "it could not be looked at: \(error)")
            }
        }.value
    }
}

extension StopReport {
    /// Reads what the script printed; nil when it did not come to its end.
    init?(sweepOutput: String) {
        var report = StopReport()
        var isComplete = false
        for line in sweepOutput.split(separator: "\n") {
            let fields = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
            if line == "unseen" { report.failure = Self.unseen }
            guard fields.count == 3, let id = Int32(fields[1]) else {
                isComplete = line == "end"
                continue
            }
            let process = ProcessDescription(id: id, name: printable(fields[2]))
            switch fields[0] {
            // A supervisor may have reported the same as the sweep itself.
            case "found" where report.found.contains { $0.id == id }: continue
            case "killed" where report.killed.contains { $0.id == id }: continue
            case "found": report.found.append(process)
            case "killed": report.killed.append(process)
            case "remaining": report.remaining.append(process)
            case "unattributed": report.unattributed.append(process)
            default: continue
            }
        }
        guard isComplete else { return nil }
        self = report
    }
}

extension StopReport {
    /// Why it is not proven that nothing is left, when a supervisor has children that end before they can be looked at.
    static let unseen = "something of it forks and ends faster than it can be seen, and may still run"
}

/// Any process can give itself any name, so control characters are taken out before a terminal sees it.
private func printable(_ name: Substring) -> String {
    String(String.UnicodeScalarView(name.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
}

extension Duration {
    fileprivate var hundredths: String {
        String(components.seconds * 100 + components.attoseconds / 10_000_000_000_000_000)
    }
}
