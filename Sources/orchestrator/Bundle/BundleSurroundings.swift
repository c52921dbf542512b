import Foundation
import Glibc
import Journal

/// The versions of what a run was done with, as far as they are quickly told.
struct BundleSurroundings: Sendable {
    let environment: [String: String]

    /// How long one look may take.
    private static let patience = Duration.seconds(5)

    /// What stands in the manifest as `versions`: of the programs as recorded, of this machine as it is now.
    func versions(of attempts: [AttemptRecord]) async -> JSONTree {
        let last = attempts.last
        async let tool = tool(for: last?.sandbox)
        async let image = image(of: last?.container)
        var sandbox: [String: JSONTree] = [
            "kind": .text(last?.sandbox), "container": .text(last?.container), "image": .text(await image),
        ]
        if let tool = await tool { sandbox[tool.name] = .text(tool.version) }
        return .object([
            "orchestrator": .object([
                "recorded": Self.each(attempts.map(\.programVersion)), "bundling": .string(Orchestrator.version),
            ]),
            "agent": .object([
                "name": .text(last?.agent), "recorded": Self.each(attempts.map(\.agentVersion)),
            ]),
            "os": .text(Self.operatingSystem),
            "kernel": .text(Self.kernel),
            "sandbox": .object(sandbox),
        ])
    }

    /// Each value once.
    private static func each(_ versions: [String?]) -> JSONTree {
        .texts(Set(versions.compactMap(\.self)).sorted())
    }

    /// What runs the sandbox, and what it says of itself; not asked of the daemon, which may not be there.
    private func tool(for sandbox: String?) async -> (name: String, version: String?)? {
        switch sandbox {
        case "docker": ("docker", await output(of: "docker", ["--version"]))
        case "local": ("bubblewrap", await output(of: "bwrap", ["--version"]))
        default: nil
        }
    }

    private func image(of container: String?) async -> String? {
        guard let container else { return nil }
        return await output(
            of: "docker",
            ["inspect", "--type", "container", "--format", "{{.Config.Image}}", container]
        )
    }

    private func output(of name: String, _ arguments: [String]) async -> String? {
        guard let path = HostExecutable.find(name, in: environment) else { return nil }
        let command = HostCommand(executable: path, arguments: arguments, environment: environment)
        guard let ending = try? await command.run(within: Self.patience), ending.code == 0 else { return nil }
        return ending.text
    }

    /// The system's name for people (os-release(5)).
    private static var operatingSystem: String? {
        let text = try? String(contentsOfFile: "/etc/os-release", encoding: .utf8)
        let line = text?.split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") }
        return line?.dropFirst("PRETTY_NAME=".count).trimmingCharacters(in: ["\"", "'"])
    }

    /// The kernel's name, release and machine, such as `Linux 6.1.0-41-amd64 x86_64`.
    private static var kernel: String? {
        var names = utsname()
        guard unsafe uname(&names) == 0 else { return nil }
        let parts = unsafe [
            withUnsafeBytes(of: names.sysname) { unsafe Array($0) },
            withUnsafeBytes(of: names.release) { unsafe Array($0) },
            withUnsafeBytes(of: names.machine) { unsafe Array($0) },
        ]
        return parts.map { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }.joined(separator: " ")
    }
}
