import Sandbox

/// Recovers what a session cost that was stopped before it could tell.
///
/// Claude Code writes a `cost-state` line to the session's transcript when it is ended by SIGTERM or SIGINT. After
/// SIGKILL there is none, and then nothing is known.
struct TranscriptReader: Sendable {
    /// What the look needs in its environment.
    let environment: [String: String]
    /// How long the sandbox may take to answer.
    let timeout: Duration

    /// Prints the last `cost-state` line of session `$1`, whatever directory it ran in.
    static let script = """
        for transcript in "${CLAUDE_CONFIG_DIR:-$HOME/.claude}"/projects/*/"$1".jsonl; do
            [ -f "$transcript" ] && grep '"type":"cost-state"' "$transcript"
        done | tail -n 1
        """

    /// The cost of a session, or nil if there is no record of it or the sandbox does not answer.
    func cost(of session: String, in sandbox: any Sandbox) async -> SessionCost? {
        let command = SandboxCommand(["sh", "-c", Self.script, "sh", session], environment: environment)
        return await withTaskGroup(of: SessionCost?.self) { group in
            group.addTask {
                let output = CapturedLines()
                guard (try? await sandbox.run(command) { await output.append($0) }) != nil else { return nil }
                return await output.finish().last.flatMap(Self.cost)
            }
            group.addTask { [timeout] in
                try? await Task.sleep(for: timeout)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    /// The cost in a transcript's line, or nil if it tells none.
    static func cost(line: String) -> SessionCost? {
        guard let value = try? JSONParser.value(of: Array(line.utf8)), value["type"]?.string == "cost-state",
            let usage = ModelUsage.byModel(value["modelUsage"])
        else { return nil }
        return SessionCost(usage: usage, costUSD: value["totalCostUSD"]?.double)
    }
}
