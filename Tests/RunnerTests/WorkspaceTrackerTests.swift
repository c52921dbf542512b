import Foundation
import Sandbox
import Testing

@testable import Runner

@Suite("What changed in a workspace", .timeLimit(.minutes(2)))
struct WorkspaceTrackerTests {
    private func tracker(_ place: HostPlace, excluding paths: [String] = []) -> WorkspaceTracker<ContinuousClock> {
        WorkspaceTracker(sandbox: place.sandbox, attempt: "r.1", excludedPaths: paths, clock: ContinuousClock())
    }

    private static let commit = "git add -A && git -c user.name=a -c user.email=a@b commit -qm x"

    @Test("In a repository the work tree counts, commits too, and the repository is left as it was")
    func repository() async throws {
        let place = try HostPlace()
        try await place.shell(
            """
            git init -q; echo 'ignored' >.gitignore; printf '1\\n2\\n' >a; echo gone >gone; \(Self.commit)
            echo dirty >dirty; echo x >ignored
            """
        )
        let tracker = tracker(place)
        let before = try #require(await tracker.snapshot())
        #expect(before.kind == "git")
        #expect(await tracker.changes(since: before).isKnownEmpty)
        try await place.shell(
            "rm gone; echo 3 >>a; echo y >>ignored; mkdir 'new dir'; echo z >'new dir/ü'; \(Self.commit)"
        )
        let status = try await place.sandbox.capture(SandboxCommand(["git", "status", "--porcelain"])).output
        let changes = await tracker.changes(since: before)
        #expect(changes.kind == .git)
        #expect(changes.files.map(\.path) == ["a", "gone", "new dir/ü"])
        #expect(changes.files.map(\.change) == [.changed, .deleted, .added])
        #expect((changes.added, changes.changed) == (1, 1))
        #expect((changes.deleted, changes.commits) == (1, 1))
        #expect((changes.addedLines, changes.deletedLines) == (2, 1))
        #expect(changes.summary == "1 file added, 1 changed, 1 deleted, 1 commit (+2 -1 lines)")
        #expect(try await place.sandbox.capture(SandboxCommand(["git", "status", "--porcelain"])).output == status)
        await tracker.clear()
        let cache = place.scratch + "/home/.cache/orchestrator"
        #expect(!FileManager.default.fileExists(atPath: cache), "nothing is left in the sandbox")
    }

    @Test("Without a repository a snapshot tells the same, ignored files included, and our own state left out")
    func snapshot() async throws {
        let place = try HostPlace()
        try place.write("1\n", to: "a")
        try place.write("s\n", to: "state/journal.db")
        try place.write("ignored\n", to: ".gitignore")
        let tracker = tracker(place, excluding: ["state"])
        let before = try #require(await tracker.snapshot())
        #expect(before.kind == "snapshot")
        try place.write("more\n", to: "state/journal.db")
        #expect(await tracker.changes(since: before).isKnownEmpty)
        try place.write("x\n", to: "ignored")
        let changes = await tracker.changes(since: before)
        #expect(changes.kind == .snapshot)
        #expect(
            changes.files == [WorkspaceChanges.File(path: "ignored", change: .added, addedLines: 1, deletedLines: 0)]
        )
    }

    @Test("A store that somebody has spoiled makes the changes unknown, never empty")
    func spoiled() async throws {
        let place = try HostPlace()
        try place.write("1\n", to: "a")
        let tracker = tracker(place)
        let before = try #require(await tracker.snapshot())
        try FileManager.default.removeItem(atPath: place.scratch + "/home/.cache")
        let changes = await tracker.changes(since: before)
        #expect(changes.kind == .unknown)
        #expect(!changes.isKnownEmpty)
    }

    @Test("Many files are counted, and the first of them named")
    func many() async throws {
        let place = try HostPlace()
        let tracker = tracker(place)
        let before = try #require(await tracker.snapshot())
        try await place.shell("for i in $(seq 1000); do echo $i >file$i; done")
        let changes = await tracker.changes(since: before)
        #expect(changes.added == 1000)
        #expect(changes.files.count == WorkspaceChanges.listedFiles)
        #expect(changes.isCut)
    }
}
