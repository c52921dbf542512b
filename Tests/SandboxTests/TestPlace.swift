import FoundationEssentials
import Testing

@testable import Sandbox

/// Tests that start so many processes, or depend so much on time, that only one runs at a time.
@Suite("One by one", .serialized)
enum OneByOne {}

/// Where a test of what all sandboxes promise runs: each of them for real.
enum TestPlace: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case docker
    case local
    case bare

    var testDescription: String { rawValue }

    /// Makes a sandbox of this kind with an empty workspace, and removes both afterwards.
    @discardableResult
    func withSandbox<Result: Sendable>(_ body: (any Sandbox) async throws -> Result) async throws -> Result {
        switch self {
        case .docker:
            try await withContainer { container in
                try await body(DockerSandbox(container: container, environment: TestEnvironment.client))
            }
        case .local:
            try await withTemporaryDirectory { directory in
                try await body(localSandbox(in: directory))
            }
        case .bare:
            try await withTemporaryDirectory { directory in
                try await body(BareSandbox(workspace: directory, environment: TestEnvironment.client))
            }
        }
    }
}

/// A local sandbox whose workspace and HOME lie in a directory.
func localSandbox(in directory: String) throws -> LocalSandbox {
    let workspace = directory + "/workspace"
    try FileManager.default.createDirectory(atPath: workspace, withIntermediateDirectories: true)
    return LocalSandbox(
        workspaceOnHost: workspace,
        homeOnHost: directory + "/state/home",
        environment: TestEnvironment.client
    )
}

/// What the tests take from the environment, by name; nothing else is handed to anybody.
enum TestEnvironment {
    static let client: [String: String] = {
        let all = ProcessInfo.processInfo.environment
        var result = ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
        for name in ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG"] { result[name] = all[name] }
        return result
    }()

    static let image =
        ProcessInfo.processInfo.environment["ORCHESTRATOR_TEST_IMAGE"] ?? "orchestrator-sandbox-base:test"
}

/// The tests' containers could not be had; an issue has been recorded.
struct DockerMissing: Error {}

/// Runs the Docker client for a test's own purposes.
func docker(_ arguments: String...) async throws -> CapturedOutput {
    let client = HostProcess(executable: "docker", arguments: arguments, environment: TestEnvironment.client)
    return try await client.capture(limit: 1 << 16, within: .seconds(60))
}

/// Starts a container as confined as the compose file's, and removes it afterwards.
@discardableResult
func withContainer<Result: Sendable>(
    hasInit: Bool = true,
    _ body: (String) async throws -> Result
) async throws -> Result {
    let name = "orchestrator-test-\(UUID().uuidString.lowercased())"
    let started = try? await docker(
        "run",
        "--detach",
        "--rm",
        "--init=\(hasInit)",
        "--name",
        name,
        "--network",
        "none",
        "--user",
        "1000:1000",
        "--cap-drop",
        "ALL",
        "--security-opt",
        "no-new-privileges",
        "--tmpfs",
        "/workspace:uid=1000,gid=1000,exec",
        TestEnvironment.image,
        "sleep",
        "600"
    )
    guard let started, started.result.termination == .exited(0) else {
        let why = started?.result.standardError ?? "no docker client"
        Issue.record("No test container: run `make test`, which sets up a daemon and its image (\(why))")
        throw DockerMissing()
    }
    do {
        let result = try await body(name)
        _ = try? await docker("rm", "--force", name)
        return result
    } catch {
        _ = try? await docker("rm", "--force", name)
        throw error
    }
}

/// Makes a directory and removes it with all that is in it afterwards.
@discardableResult
func withTemporaryDirectory<Result: Sendable>(_ body: (String) async throws -> Result) async throws -> Result {
    let path = "/tmp/orchestrator-sandbox-tests-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}
