/// Ends all processes of an attempt, wherever it runs: the script, its call, and the reading of its answer.
struct AttemptSweep: Sendable {
    /// The attempt's id.
    var attempt: String
    /// How long they may take to end by themselves after SIGTERM.
    var grace: Duration

    /// What all of it may take as the script sees it, and as the caller waits for it.
    static let limit = Duration.seconds(9)
    static let patience = Duration.seconds(10)
    /// SIGKILL has to come well before the limit.
    static let longestGrace = Duration.seconds(7)

    /// The entry in the environment of every process of the attempt.
    private var marker: String { "\(SandboxCommand.attemptVariable)=\(attempt)" }

    /// The argument vector that does it, for wherever the processes are.
    var arguments: [String] {
        let bounded = max(.zero, min(grace, Self.longestGrace))
        return ["/bin/sh", "-c", Self.script, "sh", marker, bounded.hundredths, Self.limit.hundredths]
    }

    /// Runs the sweep on this machine, which sees the processes of its namespaces too.
    func runOnHost() async -> StopReport {
        if !attempt.isEmpty, MarkedProcesses(marker: marker).areProvenAbsent { return StopReport() }
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
            guard fields.count == 3, let id = Int32(fields[1]) else {
                isComplete = line == "end"
                continue
            }
            let process = ProcessDescription(id: id, name: printable(fields[2]))
            switch fields[0] {
            case "found": report.found.append(process)
            case "killed": report.killed.append(process)
            case "remaining": report.remaining.append(process)
            default: continue
            }
        }
        guard isComplete else { return nil }
        self = report
    }
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
