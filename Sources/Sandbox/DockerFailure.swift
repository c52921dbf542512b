/// What Docker's own complaints mean, in the words of versions 20 to 29.
///
/// They are told from a command's output by their place: the client's refusals are exit code 1 with nothing on standard
/// output, the runtime's are code 126 or 127 with nothing but their message on standard output.
enum DockerFailure {
    /// The failure of a `docker exec`, or nil when the command ran.
    ///
    /// `held` is output that may be the runtime's message, `hasOutput` whether the command has written anything else.
    static func of(
        _ result: CommandResult,
        held: [UInt8],
        hasOutput: Bool,
        command: SandboxCommand,
        in container: String
    ) -> SandboxError? {
        guard !hasOutput else { return nil }
        switch result.termination {
        case .exited(126), .exited(127):
            // Docker 29 is said to write it to standard error, so both are looked at.
            for text in [String(decoding: held, as: UTF8.self), result.standardError]
            where text.utf8.starts(with: DockerOutputGate.message) {
                return notStarted(command, in: container, because: text)
            }
            return nil
        case .exited(1) where held.isEmpty:
            return refusal(result.standardError, container: container)
        default:
            return nil
        }
    }

    /// What the runtime says when it could not start a command.
    private static func notStarted(
        _ command: SandboxCommand,
        in container: String,
        because text: String
    ) -> SandboxError {
        let cause = text.trimmed
        if text.contains("argument list too long") { return .argumentsTooLong(command, cause: cause) }
        if text.contains("chdir to cwd") || text.contains("Cwd must be an absolute path") {
            return SandboxError(
                .workspaceUnusable,
                "The directory that \(command.name) is to run in cannot be entered in container \(container).",
                remedy: "make sandbox",
                cause: cause
            )
        }
        if text.contains("exec: ") {
            return executableMissing(command, in: container, cause: cause)
        }
        return SandboxError(.startFailed, "\(command.name) could not be started in \(container).", cause: cause)
    }

    static func executableMissing(
        _ command: SandboxCommand,
        in container: String,
        cause: String?
    ) -> SandboxError {
        SandboxError(
            .executableMissing,
            "\(command.name) is not in container \(container), or may not be executed there.",
            remedy: "make sandbox",
            cause: cause
        )
    }

    /// What the client says when the daemon or the container is not there; nil for any other text.
    static func refusal(_ standardError: String, container: String) -> SandboxError? {
        let lines = standardError.split(separator: "\n").map(\.trimmed)
        for line in lines {
            let text = line.lowercased()
            if text.hasPrefix("permission denied while trying to connect") {
                return SandboxError(
                    .daemonUnreachable,
                    "You may not talk to the Docker daemon.",
                    remedy: "sudo usermod -aG docker $USER, and log in again",
                    cause: line
                )
            }
            if unreachable.contains(where: text.hasPrefix) {
                return SandboxError(
                    .daemonUnreachable,
                    "The Docker daemon does not answer.",
                    remedy: "sudo systemctl start docker, or set DOCKER_HOST",
                    cause: line
                )
            }
            guard text.hasPrefix("error") else { continue }
            if text.contains("no such container") || text.contains("no such object") {
                return missing(container, cause: line)
            }
            for state in ["paused", "restarting"] where text.contains("is \(state)") {
                return notRunning(state: state[...], container: container, cause: line)
            }
            if text.contains("is not running") {
                return notRunning(state: "exited", container: container, cause: line)
            }
            if text.hasPrefix("error response from daemon") {
                return SandboxError(.startFailed, "Docker refused to run anything in \(container).", cause: line)
            }
        }
        return nil
    }

    /// Whether the daemon says that the container is stopped or gone, so that no process can be in it.
    static func provesStopped(_ standardError: String) -> Bool {
        let text = standardError.lowercased()
        if text.hasPrefix("error: no such container: ") { return true }
        guard text.hasPrefix("error response from daemon: ") else { return false }
        return text.contains(": no such container: ") || text.contains(" is not running")
    }

    private static let unreachable = [
        "cannot connect to the docker daemon", "failed to connect to the docker api", "error during connect",
    ]

    /// An error for every state but `running`, as `docker inspect` names it.
    static func notRunning(state: Substring, container: String, cause: String? = nil) -> SandboxError? {
        let words: String
        let remedy: String
        switch state {
        case "running": return nil
        case "removing": return missing(container, cause: cause)
        case "paused": (words, remedy) = ("is paused", "docker unpause \(container)")
        case "restarting": (words, remedy) = ("is just restarting", "try again, or look at docker logs \(container)")
        default: (words, remedy) = ("is stopped", "docker start \(container)")
        }
        return SandboxError(.containerNotRunning, "Container \(container) \(words).", remedy: remedy, cause: cause)
    }

    private static func missing(_ container: String, cause: String?) -> SandboxError {
        SandboxError(.containerMissing, "There is no container \(container).", remedy: "make sandbox", cause: cause)
    }

    static func silentDaemon(after time: Duration) -> SandboxError {
        SandboxError(
            .daemonUnreachable,
            "The Docker daemon does not answer within \(time).",
            remedy: "sudo systemctl restart docker"
        )
    }

    /// The client itself did not start.
    static func clientFailed(_ executable: String, _ failure: StartFailure) -> SandboxError {
        guard failure == .executableMissing else {
            return SandboxError(.startFailed, "\(executable) could not be started.", cause: "\(failure)")
        }
        return SandboxError(
            .toolMissing,
            "\(executable) is not installed, or not in PATH.",
            remedy: "apt-get install docker.io, or --sandbox local"
        )
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    fileprivate var trimmed: String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
