import FoundationEssentials
import Glibc
import Sandbox
import SystemPackage

/// A program to be killed: runs one supervised command in a sandbox and hands on what it writes.
///
///     SandboxProbe docker|local|bare PLACE ATTEMPT SCRIPT ARGUMENT
///
/// PLACE is the container, or the directory that has the workspace. The command is a shell script with one argument.
@main
struct SandboxProbe {
    static func main() async throws {
        let words = CommandLine.arguments
        guard words.count == 6 else { exit(64) }
        let (kind, place) = (words[1], words[2])
        let environment = ProcessInfo.processInfo.environment
        let sandbox: any Sandbox =
            switch kind {
            case "docker": DockerSandbox(container: place, environment: environment)
            case "local":
                LocalSandbox(
                    workspaceOnHost: place + "/workspace",
                    homeOnHost: place + "/state/home",
                    environment: environment
                )
            default: BareSandbox(workspace: place, environment: environment)
            }
        let command = SandboxCommand(
            ["sh", "-c", words[4], "sh", words[5]],
            standardInput: [UInt8](repeating: 65, count: 5_000_000),
            attempt: words[3],
            isSupervised: true
        )
        let result = try await sandbox.run(command) { try FileDescriptor.standardOutput.writeAll($0) }
        exit(result.termination.code)
    }
}
