/// No isolation: commands run as the user, on this machine, in the workspace directory.
///
/// What ``stop(attempt:grace:)`` cannot find here: a process that has been daemonised after its environment had been
/// cleared or overwritten.
package struct BareSandbox: Sandbox {
    package let kind = SandboxKind.none
    package let workspace: String
    private let environment: [String: String]

    /// - Parameters:
    ///   - workspace: The workspace's absolute path.
    ///   - environment: What commands get before their own variables are added.
    package init(workspace: String, environment: [String: String]) {
        self.workspace = workspace
        self.environment = environment
    }

    package func inspect() async throws -> SandboxDescription {
        try HostWorkspace.check(workspace)
        return SandboxDescription(
            kind: .none,
            warning: "Nothing is isolated: commands run as you, with all that you may read, write and reach."
        )
    }

    package func run(
        _ command: SandboxCommand,
        output: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> CommandResult {
        try command.checkNotEmpty()
        let directory = command.workingDirectory ?? workspace
        let name = command.name
        let process = HostProcess(
            // A path is meant as seen from where the command runs.
            executable: name.contains("/") && !name.hasPrefix("/") ? "\(directory)/\(name)" : name,
            arguments: Array(command.arguments.dropFirst()),
            environment: environment.merging(command.markedEnvironment) { $1 },
            workingDirectory: directory,
            standardInput: command.standardInput
        )
        do {
            return try await process.run(output: output)
        } catch let failure as StartFailure {
            switch failure {
            case .workingDirectoryUnusable: throw HostWorkspace.unusable(directory)
            case .executableMissing:
                throw SandboxError(
                    .executableMissing,
                    "\(name) is not on this machine, or may not be executed.",
                    remedy: "install it, or put its directory on PATH"
                )
            default: throw SandboxError.common(failure, of: command) ?? SandboxError(.startFailed, "\(failure)")
            }
        }
    }

    package func stop(attempt: String, grace: Duration) async -> StopReport {
        await AttemptSweep(attempt: attempt, grace: grace).runOnHost()
    }
}
