import FoundationEssentials
import Sandbox

/// Reads the transcript of a session, whose file may be large, without moving more than a few megabytes of it.
struct TranscriptReader: Sendable {
    /// What the look needs in its environment.
    let environment: [String: String]
    /// How long the sandbox may take to answer.
    let timeout: Duration

    /// How much of the transcript's lines is looked at, from the end.
    private static let bound = 4 << 20

    /// Prints the assistant and `cost-state` lines of session `$1`, at most `$2` bytes of them, those of its sub-agents
    /// first, whatever directory it ran in.
    ///
    /// What the messages say is cut out in the sandbox: counts alone are left.
    static let script = #"""
        LC_ALL=C
        export LC_ALL
        for transcript in "${CLAUDE_CONFIG_DIR:-$HOME/.claude}"/projects/*/"$1"/subagents/*.jsonl \
            "${CLAUDE_CONFIG_DIR:-$HOME/.claude}"/projects/*/"$1".jsonl; do
            [ -f "$transcript" ] || continue
            grep -h -e '"type":"assistant"' -e '"type":"cost-state"' "$transcript"
            echo
        done |
            sed -e 's/"content":\[.*\],"stop_reason":/"content":[],"stop_reason":/' |
            tail -c "$2"
        """#

    /// What the transcript tells of the time since then, or nil if there is none or the sandbox does not answer.
    func transcript(of session: String, since: Date?, in sandbox: any Sandbox) async -> Transcript? {
        let bound = Self.bound
        let arguments = ["sh", "-c", Self.script, "sh", session, String(bound)]
        let command = SandboxCommand(arguments, environment: environment)
        return await withTaskGroup(of: Transcript?.self) { group in
            group.addTask {
                let output = CapturedLines(bound: bound)
                guard (try? await sandbox.run(command) { await output.append($0) }) != nil else { return nil }
                return Transcript(lines: await output.finish(), since: since)
            }
            group.addTask { [timeout] in
                try? await Task.sleep(for: timeout)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}
