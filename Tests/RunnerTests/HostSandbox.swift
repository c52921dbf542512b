import Foundation
import Sandbox

/// The bare sandbox of this machine in a scratch directory of a test's own, with a HOME beside the workspace.
struct HostPlace {
    let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("checks-\(UUID().uuidString)").path
    let sandbox: BareSandbox
    var workspace: String { scratch + "/workspace" }
    private let cleaner: Cleaner

    private final class Cleaner: Sendable {
        let path: String
        init(_ path: String) { self.path = path }
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    init() throws {
        cleaner = Cleaner(scratch)
        for folder in ["/workspace", "/home"] {
            try FileManager.default.createDirectory(atPath: scratch + folder, withIntermediateDirectories: true)
        }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        sandbox = BareSandbox(
            workspace: scratch + "/workspace",
            environment: ["PATH": path, "HOME": scratch + "/home"]
        )
    }

    /// Writes a file of the workspace.
    func write(_ text: String, to name: String) throws {
        let url = URL(fileURLWithPath: workspace + "/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    /// Runs a script in the workspace.
    func shell(_ script: String) async throws {
        let result = try await sandbox.capture(SandboxCommand(["bash", "-ec", script]))
        if result.result.termination != .exited(0) {
            throw ScriptFailed(description: "\(script): \(result.result.standardError)")
        }
    }

    struct ScriptFailed: Error, CustomStringConvertible { var description: String }
}
