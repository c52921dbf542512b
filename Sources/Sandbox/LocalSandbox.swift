package import FoundationEssentials
import SystemPackage

/// Commands run in a bubblewrap namespace of this machine, made anew for each command.
///
/// Inside there are the workspace at `/workspace`, a HOME of its own at `/home/agent`, private `/tmp`, `/var/tmp` and
/// `/run`, the machine's `/usr` and `/opt` and a choice of `/etc`, read-only, its own processes, and nothing of the
/// user's HOME or environment. The network is the machine's, because an agent needs it. As root, all capabilities are dropped,
/// so files of other users cannot be written.
///
/// Everything inside ends together with the command, and with this program, even when that is killed: daemons do not
/// outlive their command. ``stop(attempt:since:grace:)`` is what gives them a grace, and the supervisor of a supervised
/// command when that ends; cancelling ``run(_:output:)`` does not, nor does the death of this program: the kernel kills all of
/// it at that moment, so that nothing has to be trusted to notice. Nothing is ever unattributed.
package struct LocalSandbox: Sandbox {
    package let kind = SandboxKind.local
    package let workspace = "/workspace"

    let workspaceOnHost: String
    private let homeOnHost: String
    private let readOnlyPaths: [String]
    private let searchPath: String
    private let executable: String
    private let environment: [String: String]

    /// HOME as seen inside.
    package static let home = "/home/agent"

    /// - Parameters:
    ///   - workspaceOnHost: The workspace's absolute path on this machine.
    ///   - homeOnHost: The directory that is HOME inside, absolute; made when missing, and kept from run to run.
    ///   - readOnlyPaths: More absolute paths that are visible inside, under the same names.
    ///   - searchPath: `PATH` inside.
    ///   - executable: bubblewrap, by name or path.
    ///   - environment: Where `PATH` leads to bubblewrap; nothing of it is visible inside.
    package init(
        workspaceOnHost: String,
        homeOnHost: String,
        readOnlyPaths: [String] = [],
        searchPath: String? = nil,
        executable: String = "bwrap",
        environment: [String: String]
    ) {
        self.workspaceOnHost = workspaceOnHost
        self.homeOnHost = homeOnHost
        self.readOnlyPaths = readOnlyPaths
        self.searchPath = searchPath ?? standardSearchPath
        self.executable = executable
        self.environment = environment
    }

    package func inspect() async throws -> SandboxDescription {
        _ = try await bubblewrap()
        try HostWorkspace.check(workspaceOnHost)
        try makeHome()
        return SandboxDescription(kind: .local)
    }

    package func run(
        _ command: SandboxCommand,
        output: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> CommandResult {
        try command.checkNotEmpty()
        let bubblewrap = try await bubblewrap()
        try HostWorkspace.check(workspaceOnHost)
        try makeHome()
        let supervision = command.isSupervised ? Supervision(of: command, reportPlaces: [Self.home]) : nil
        var process = HostProcess(
            executable: bubblewrap,
            arguments: bubblewrapArguments(for: command, supervision),
            environment: environmentInside(of: command),
            workingDirectory: "/",
            standardInput: command.standardInput
        )
        if let supervision {
            process.standardInput = supervision.input(for: command)
            process.lifeline = .passesOn
        }
        let seen = OutputCollector(limit: 1)
        do {
            let result = try await process.run { chunk in
                seen.append(chunk)
                try await output(chunk)
            }
            if seen.isEmpty, let error = BubblewrapFailure.of(result, command: command) { throw error }
            if let supervision {
                return try supervision.result(of: command, result, in: "the local sandbox", by: executable) { cause in
                    BubblewrapFailure.executableMissing(command, cause: cause)
                }
            }
            // A signal that ends the command is told by its code, so this one was bubblewrap's own.
            guard case .exited = result.termination else {
                throw SandboxError.connectionLost(command, to: "the local sandbox", by: executable, result)
            }
            return result
        } catch let failure as StartFailure {
            throw SandboxError.common(failure, of: command) ?? BubblewrapFailure.toolMissing(executable)
        }
    }

    package func stop(attempt: String, since: Date?, grace: Duration) async -> StopReport {
        await AttemptSweep(
            attempt: attempt,
            grace: grace,
            since: since,
            view: .namespace,
            reportPlaces: [homeOnHost]
        ).runOnHost()
    }

    /// bubblewrap hands its own environment on, so no value is on a command line, but for the mark.
    ///
    /// It must not bear that itself: SIGTERM would end it, and with it everything inside without grace.
    private func environmentInside(of command: SandboxCommand) -> [String: String] {
        var result = ["PATH": searchPath, "HOME": Self.home, "LANG": "C.UTF-8"].merging(command.environment) { $1 }
        result[SandboxCommand.attemptVariable] = nil
        result[Supervision.variable] = nil
        return result
    }

    private func bubblewrapArguments(for command: SandboxCommand, _ supervision: Supervision?) -> [String] {
        var arguments = BubblewrapArguments.isolation + BubblewrapArguments.system
        for path in readOnlyPaths { arguments += ["--ro-bind", path, path] }
        arguments += ["--bind", homeOnHost, Self.home, "--bind", workspaceOnHost, workspace]
        if let supervision {
            arguments += ["--setenv", Supervision.variable, supervision.attempt]
        } else if let attempt = command.markedEnvironment[SandboxCommand.attemptVariable] {
            arguments += ["--setenv", SandboxCommand.attemptVariable, attempt]
        }
        arguments += ["--chdir", command.workingDirectory ?? workspace, "--"]
        return arguments + (supervision?.arguments(for: command) ?? command.arguments)
    }

    private func bubblewrap() async throws(SandboxError) -> String {
        do {
            let path = try await HostProcess.path(of: executable, in: environment)
            guard HostWorkspace.exists(path) else { throw StartFailure.executableMissing }
            return path
        } catch {
            throw BubblewrapFailure.toolMissing(executable)
        }
    }

    private func makeHome() throws(SandboxError) {
        if HostWorkspace.isDirectory(homeOnHost) { return }
        do {
            try FileManager.default.createDirectory(
                atPath: homeOnHost,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw SandboxError(
                .startFailed,
                "The agent's HOME \(homeOnHost) cannot be made.",
                remedy: "set ORCHESTRATOR_STATE_DIR to a directory that you can write",
                cause: error.systemReason
            )
        }
    }
}
