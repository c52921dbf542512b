import Foundation

/// What `make test` sets up and names in the environment.
enum Equipment {
    /// Something that the tests need is not there; that is a failure, never a skip.
    struct Missing: Error, CustomStringConvertible {
        var description: String
    }

    /// A Python with grpcio and the official protobuf classes.
    static var python: String { get throws { try path("ORCHESTRATOR_TEST_PYTHON") } }

    /// Claude Code's executable on this machine.
    static var claude: String { get throws { try path("ORCHESTRATOR_TEST_CLAUDE") } }

    /// Debian's browser.
    static var chromium: String { get throws { try path("ORCHESTRATOR_TEST_CHROMIUM") } }

    /// The sandbox image, with Claude Code in it.
    static var image: String { get throws { try value("ORCHESTRATOR_TEST_IMAGE") } }

    /// The built program: named by ORCHESTRATOR_TEST_BINARY, or the one that lies beside the tests.
    static var orchestrator: String {
        get throws {
            if inherited["ORCHESTRATOR_TEST_BINARY"] != nil { return try path("ORCHESTRATOR_TEST_BINARY") }
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            let binary = URL(filePath: tests).deletingLastPathComponent().appending(path: "orchestrator").path
            guard FileManager.default.isExecutableFile(atPath: binary) else {
                throw Missing(description: "\(binary) is not there: run `make test`, which builds it")
            }
            return binary
        }
    }

    /// The repository's root.
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .path

    /// A file of `TestPlans`.
    static func plan(_ name: String) -> String { "\(root)/TestPlans/\(name)" }

    /// The argument of `--agent` that replays a recording of `TestPlans`.
    static func replay(_ name: String) -> String { "replay:\(root)/TestPlans/recordings/\(name).jsonl" }

    /// What programs get of our own environment: how to find others, and the Docker daemon.
    static let base: [String: String] = {
        var base = ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
        for name in ["DOCKER_HOST", "DOCKER_CONTEXT"] { base[name] = inherited[name] }
        return base
    }()

    private static let inherited = ProcessInfo.processInfo.environment

    private static func value(_ name: String) throws -> String {
        guard let value = inherited[name], !value.isEmpty else {
            throw Missing(description: "\(name) is not set: run `make test`, which sets up what the tests need")
        }
        return value
    }

    private static func path(_ name: String) throws -> String {
        let path = try value(name)
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Missing(description: "\(name) names \(path), which is not there: run `make test`, which sets it up")
        }
        return path
    }
}
