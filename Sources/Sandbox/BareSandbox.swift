package import FoundationEssentials

/// No isolation: commands run as the user, on this machine, in the workspace directory.
///
/// What ``stop(attempt:since:grace:)`` cannot attribute here is a process that an unsupervised command has daemonised after
/// clearing or overwriting its environment, or that a supervised one has where there is no tini, perl or python3. It is
/// named if it is the same user's and works in the workspace or below; so is what that user has begun there meanwhile, an
/// editor for example. To name every new process of the machine would be noise.
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
        var process = HostProcess(
            // A path is meant as seen from where the command runs.
            executable: name.contains("/") && !name.hasPrefix("/") ? "\(directory)/\(name)" : name,
            arguments: Array(command.arguments.dropFirst()),
            environment: environment.merging(command.markedEnvironment) { $1 },
            workingDirectory: directory,
            standardInput: command.standardInput
        )
        let supervision = command.isSupervised ? Supervision(of: command) : nil
        if let supervision {
            let arguments = supervision.arguments(for: command)
            process.executable = arguments[0]
            process.arguments = Array(arguments.dropFirst())
            process.environment = environment.merging(supervision.environment(for: command)) { $1 }
            process.standardInput = supervision.input(for: command)
            process.lifeline = .endsItself
        }
        do {
            let result = try await process.run(output: output)
            guard let supervision else { return result }
            return try supervision.result(of: command, result, in: "this machine", by: "its supervisor") { cause in
                missing(name, cause: cause)
            }
        } catch let failure as StartFailure {
            switch failure {
            case .workingDirectoryUnusable: throw HostWorkspace.unusable(directory)
            case .executableMissing: throw missing(name)
            default: throw SandboxError.common(failure, of: command) ?? SandboxError(.startFailed, "\(failure)")
            }
        }
    }

    private func missing(_ name: String, cause: String? = nil) -> SandboxError {
        SandboxError(
            .executableMissing,
            "\(name) is not on this machine, or may not be executed.",
            remedy: "install it, or put its directory on PATH",
            cause: cause
        )
    }

    package func stop(attempt: String, since: Date?, grace: Duration) async -> StopReport {
        await AttemptSweep(attempt: attempt, grace: grace, since: since, view: .workspace(workspace)).runOnHost()
    }
}
