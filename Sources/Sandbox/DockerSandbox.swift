package import FoundationEssentials

/// Commands run by `docker exec` in a container that somebody else has started.
///
/// What a command adds to its environment goes there by the client's own environment (`-e NAME`), so no command line
/// shows a value. A command that a signal ended in the container counts as exited with 128 plus the signal's number,
/// because that is all the client tells. When a command's background children keep its output open, the daemon waits
/// two seconds for them.
package struct DockerSandbox: Sandbox {
    package let kind = SandboxKind.docker
    package let workspace: String
    /// The container's name or id.
    package let container: String

    private let executable: String
    private let environment: [String: String]
    private static let patience = Duration.seconds(10)

    /// - Parameters:
    ///   - container: The container's name or id.
    ///   - workspace: Where the workspace lies in it.
    ///   - executable: The client, by name or path.
    ///   - environment: The client's whole environment: it needs PATH, and heeds DOCKER_HOST and its kin.
    package init(
        container: String = "ktrdr-sandbox",
        workspace: String = "/workspace",
        executable: String = "docker",
        environment: [String: String]
    ) {
        self.container = container
        self.workspace = workspace
        self.executable = executable
        self.environment = environment
    }

    package func inspect() async throws -> SandboxDescription {
        let format = "{{.Id}}\n{{.Config.Image}}\n{{.State.Status}}\n{{.HostConfig.NetworkMode}}"
        let client = try await client(["inspect", "--type", "container", "--format", format, "--", container])
        let captured: CapturedOutput
        do {
            captured = try await client.capture(limit: 1 << 16, within: Self.patience)
        } catch is TimeLimitExceeded {
            throw DockerFailure.silentDaemon(after: Self.patience)
        } catch let failure as StartFailure {
            throw DockerFailure.clientFailed(executable, failure)
        }
        let output = String(decoding: captured.output, as: UTF8.self)
        let fields = output.split(separator: "\n", omittingEmptySubsequences: false)
        guard captured.result.termination == .exited(0), fields.count >= 3 else {
            throw DockerFailure.refusal(captured.result.standardError, container: container)
                ?? SandboxError(
                    .startFailed,
                    "docker inspect does not understand container \(container).",
                    cause: captured.result.standardError + output
                )
        }
        if let error = DockerFailure.notRunning(state: fields[2], container: container) { throw error }
        return SandboxDescription(
            kind: .docker,
            containerName: container,
            containerID: String(fields[0]),
            containerImage: String(fields[1]),
            sharesHostNetwork: fields.count > 3 && fields[3] == "host"
        )
    }

    package func run(
        _ command: SandboxCommand,
        output: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> CommandResult {
        try command.checkNotEmpty()
        let gate = DockerOutputGate()
        let supervision = command.isSupervised ? Supervision(of: command) : nil
        let result: CommandResult
        do {
            result = try await execution(of: command, supervision).run { chunk in
                let admitted = gate.admit(chunk)
                if !admitted.isEmpty { try await output(admitted) }
            }
        } catch let failure as StartFailure {
            throw SandboxError.common(failure, of: command) ?? DockerFailure.clientFailed(executable, failure)
        }
        let held = gate.held
        let own = try end(of: command, supervision, result, held: held, hasOutput: gate.isOpen)
        if !held.isEmpty { try await output(held) }
        return own
    }

    /// The command's own result, told from what became of the client.
    private func end(
        of command: SandboxCommand,
        _ supervision: Supervision?,
        _ result: CommandResult,
        held: [UInt8],
        hasOutput: Bool
    ) throws(SandboxError) -> CommandResult {
        let end = supervision?.end(of: result)
        if end == nil || end == .unknown,
            let error = DockerFailure.of(result, held: held, hasOutput: hasOutput, command: command, in: container)
        {
            throw error
        }
        let place = "container \(container)"
        if let supervision {
            return try supervision.result(of: command, result, in: place, by: executable) { cause in
                DockerFailure.executableMissing(command, in: container, cause: cause)
            }
        }
        // A signal that ends the command is told by its code, so this one was the client's own.
        guard case .exited = result.termination else {
            throw SandboxError.connectionLost(command, to: place, by: executable, result)
        }
        return result
    }

    package func stop(attempt: String, since: Date?, grace: Duration) async -> StopReport {
        let sweep = AttemptSweep(attempt: attempt, grace: grace, since: since, view: .container)
        let process: HostProcess
        do {
            process = try await client(["exec", "-w", "/", "-e", Self.toolMark, "--", container] + sweep.arguments)
        } catch {
            return StopReport(failure: "\(error)")
        }
        let container = container
        return await sweep.run(by: process) { result, output in
            if DockerFailure.provesStopped(result.standardError) { return StopReport() }
            let refusal = DockerFailure.refusal(result.standardError, container: container)
            let words = (output + result.standardError).split(separator: "\n").joined(separator: " ")
            return StopReport(failure: refusal?.description ?? "it could not be looked at in \(container): \(words)")
        }
    }

    /// Marks what this program runs in the container for its own purposes, so that no attempt's stop names it.
    private static let toolMark = "ORCHESTRATOR_SANDBOX_TOOL=1"

    /// The client's call that runs a command in the container.
    private func execution(of command: SandboxCommand, _ supervision: Supervision?) async throws -> HostProcess {
        var arguments = ["exec"]
        // Without -i the command reads /dev/null.
        if !command.standardInput.isEmpty || supervision != nil { arguments.append("-i") }
        arguments += ["-w", command.workingDirectory ?? workspace]
        if command.attempt == nil { arguments += ["-e", Self.toolMark] }
        let added = supervision?.environment(for: command) ?? command.markedEnvironment
        for name in added.keys.sorted() {
            // The client would heed these itself.
            guard !name.hasPrefix("DOCKER_"), !name.hasPrefix("LD_") else {
                throw SandboxError(.startFailed, "\(name) cannot be passed into a container: it steers the client.")
            }
            arguments += ["-e", name]
        }
        let inside = supervision?.arguments(for: command) ?? command.arguments
        var process = try await client(arguments + ["--", container] + inside)
        // A HOME for the command must not hide the client's own settings, such as its contexts.
        if added["HOME"] != nil, environment["DOCKER_CONFIG"] == nil, let home = environment["HOME"] {
            process.environment["DOCKER_CONFIG"] = home + "/.docker"
        }
        process.environment.merge(added) { $1 }
        process.standardInput = supervision?.input(for: command) ?? command.standardInput
        if supervision != nil { process.lifeline = .passesOn }
        return process
    }

    /// A call of the client, which is found by its own PATH, whatever PATH a command is given.
    private func client(_ arguments: [String]) async throws -> HostProcess {
        var environment = environment
        environment["DOCKER_CLI_HINTS"] = "false"
        environment[SandboxCommand.attemptVariable] = nil
        environment[Supervision.variable] = nil
        do {
            let path = try await HostProcess.path(of: executable, in: environment)
            return HostProcess(executable: path, arguments: arguments, environment: environment)
        } catch {
            throw DockerFailure.clientFailed(executable, error)
        }
    }
}
