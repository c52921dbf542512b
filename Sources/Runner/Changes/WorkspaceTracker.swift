import Sandbox

/// A workspace as it was at one moment.
struct WorkspaceSnapshot: Sendable, Equatable {
    /// `git`, `snapshot` or `list`: how it was taken.
    var kind: String
    /// The tree's name, or the list's checksum.
    var tree: String
    /// The commit that was checked out; empty where there is none.
    var head: String
}

/// Finds out what an attempt changes in its workspace.
struct WorkspaceTracker<RunClock: Clock>: Sendable where RunClock.Duration == Duration {
    let sandbox: any Sandbox
    /// Names the store, and marks the processes.
    let attempt: String
    /// Paths below the workspace that are not the agent's work, such as our own state directory.
    let excludedPaths: [String]
    let clock: RunClock

    /// A snapshot that takes longer is given up: then the changes are unknown.
    static var patience: Duration { .seconds(60) }
    /// The same for somebody who has asked to stop and waits for the end.
    static var shortPatience: Duration { .seconds(5) }
    /// As much as a comparison may print: some ten thousand files.
    private static var outputLimit: Int { 4 << 20 }

    /// Takes the first snapshot, or gives nil if that is not possible here.
    func snapshot() async -> WorkspaceSnapshot? {
        let script = SnapshotScript.first(attempt, excluding: excludedPaths)
        guard let output = await run(script, within: Self.patience) else { return nil }
        let words = String(decoding: output, as: UTF8.self).split(separator: "\n").first?
            .split(separator: " ", omittingEmptySubsequences: false)
        guard let words, words.count == 3, !words[1].isEmpty else { return nil }
        return WorkspaceSnapshot(kind: String(words[0]), tree: String(words[1]), head: String(words[2]))
    }

    /// Compares the workspace with what it was.
    func changes(
        since first: WorkspaceSnapshot?,
        within patience: Duration = Self.patience
    ) async -> WorkspaceChanges {
        guard let first else { return WorkspaceChanges() }
        let script = SnapshotScript.second(attempt, since: first, excluding: excludedPaths)
        guard let output = await run(script, within: patience) else { return WorkspaceChanges() }
        return WorkspaceChanges(first.kind == "git" ? .git : .snapshot, scriptOutput: output)
    }

    /// Removes what the snapshots have left in the sandbox.
    func clear() async {
        _ = await run(SnapshotScript.clear(attempt), within: Self.shortPatience)
    }

    /// The script's output, or nil if it failed or took too long.
    private func run(_ arguments: [String], within patience: Duration) async -> [UInt8]? {
        var command = SandboxCommand(arguments, attempt: attempt)
        command.environment["GIT_OPTIONAL_LOCKS"] = "0"
        let prepared = command
        return await withTaskGroup(of: [UInt8]?.self) { group in
            group.addTask {
                let captured = try? await sandbox.capture(prepared, limit: Self.outputLimit)
                guard let captured, captured.result.termination == .exited(0) else { return nil }
                return captured.output
            }
            group.addTask { [clock] in
                try? await clock.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}
