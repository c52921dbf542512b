import Foundation
import Testing

/// A container of the sandbox image, as confined as the compose file's, on the host's network so that it reaches the
/// scripted model on loopback.
final class Container: Sendable {
    /// The container of the suite that runs; see ``ContainerTrait``.
    @TaskLocal static var current: Container?

    let name: String
    private let place: Place

    /// What the compose file gives its container, with scratch file systems in the place of volumes.
    private static let confinement = [
        "--init", "--network", "host", "--user", "1000:1000", "--cap-drop", "ALL", "--security-opt",
        "no-new-privileges", "--read-only", "--tmpfs", "/tmp:exec,mode=1777", "--tmpfs",
        "/workspace:exec,uid=1000,gid=1000", "--tmpfs", "/home/agent:exec,uid=1000,gid=1000", "--pids-limit", "512",
    ]

    /// Makes one, with further options of `docker run`.
    ///
    /// It runs unless told otherwise, and ends by itself after a while whatever happens.
    init(isRunning: Bool = true, options: [String] = []) async throws {
        name = "orchestrator-e2e-\(UUID().uuidString.lowercased())"
        place = try Place(collector: nil)
        let verb = isRunning ? ["run", "--detach", "--rm"] : ["create"]
        let image = try Equipment.image
        let end = try await docker(verb + ["--name", name] + Self.confinement + options + [image, "sleep", "1200"])
        guard end.code == 0 else {
            throw Equipment.Missing(
                description: "No container: run `make test`, which sets up a daemon and its image (\(end.errors))"
            )
        }
    }

    func remove() async throws {
        _ = try await docker(["rm", "--force", name])
    }

    /// Runs the Docker client.
    func docker(_ arguments: [String]) async throws -> Program.End {
        try await Program(
            "/usr/bin/env",
            ["docker"] + arguments,
            environment: Equipment.base,
            directory: place.directory,
            files: place.directory
        )
        .end()
    }

    /// Runs a shell's script inside.
    func shell(_ script: String) async throws -> Program.End {
        try await docker(["exec", name, "sh", "-c", script])
    }

    /// Ends what an earlier test may have left running, and empties the workspace.
    func clear() async throws {
        let marked = "grep -lsz ^ORCHESTRATOR_ATTEMPT_ID= /proc/[0-9]*/environ"
        _ = try await shell("\(marked) | while IFS=/ read -r _ _ process _; do kill -9 $process; done")
        _ = try await shell("find /workspace -mindepth 1 -delete")
    }

    /// The command lines of all that runs inside, but for the container's own two processes.
    func strangers() async throws -> [String] {
        let top = try await docker(["top", name, "-o", "pid,args"])
        return top.output.split(separator: "\n").dropFirst()
            .compactMap { $0.split(maxSplits: 1, whereSeparator: \.isWhitespace).last }
            .map { String($0.trimmingPrefix(while: \.isWhitespace)) }
            .filter { !$0.contains("docker-init") && $0 != "sleep 1200" && !$0.contains("<defunct>") }
    }

    /// The Docker clients on this machine that do something in the container.
    func clients() -> [Int32] {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }) ?? []
        return processes.filter { process in
            let line = (try? Data(contentsOf: URL(filePath: "/proc/\(process)/cmdline"))) ?? Data()
            let arguments = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            return arguments.first.map { $0 == "docker" || $0.hasSuffix("/docker") } == true && arguments.contains(name)
        }
    }

    /// The processes inside that bear an attempt's mark in their environment.
    func marked(_ attempt: String) async throws -> String {
        try await shell("grep -lsz '^ORCHESTRATOR_ATTEMPT_ID=\(attempt)' /proc/[0-9]*/environ").output
    }
}

/// Gives all tests of a suite one container, and removes it afterwards.
struct ContainerTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        await Slots.shared.take()
        defer { Task { await Slots.shared.give() } }
        let container = try await Container()
        do {
            try await Container.$current.withValue(container) { try await function() }
        } catch {
            try await container.remove()
            throw error
        }
        try await container.remove()
    }
}

extension Trait where Self == ContainerTrait {
    /// One container for the suite.
    static var container: Self { Self() }
}

/// Lets a few suites with containers work at once: in each an agent, a model and the program are busy.
private actor Slots {
    static let shared = Slots(count: 3)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(count: Int) { free = count }

    func take() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func give() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
