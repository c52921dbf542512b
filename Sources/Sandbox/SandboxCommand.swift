/// One command to run in a sandbox: an argument vector, never text for a shell.
package struct SandboxCommand: Sendable {
    /// The executable's name or path, followed by its arguments.
    package var arguments: [String]
    /// Variables added to the sandbox's own environment.
    ///
    /// Values reach the command by environment only, so they may be secret: no command line ever shows them.
    package var environment: [String: String]
    /// Where to run it, as seen inside; the workspace when nil.
    package var workingDirectory: String?
    /// What the command reads from standard input, any size; nothing at all when empty.
    package var standardInput: [UInt8]
    /// The attempt this command belongs to: set as ``attemptVariable`` in its environment, inherited by all that it
    /// starts, and looked for by ``Sandbox/stop(attempt:since:grace:)``.
    package var attempt: String?
    /// Whether the command and all that it starts end by themselves, inside the sandbox, when this program or its
    /// client is gone, by whatever means, within ten seconds: SIGTERM, and SIGKILL after five.
    ///
    /// In the local sandbox the kernel kills all at once when this program dies. The command runs under a shell, which hands
    /// on no variables whose names a shell cannot have (dots, hyphens), nor `IFS`.
    package var isSupervised: Bool

    /// The environment variable that marks the processes of an attempt.
    package static let attemptVariable = "ORCHESTRATOR_ATTEMPT_ID"

    package init(
        _ arguments: [String],
        environment: [String: String] = [:],
        workingDirectory: String? = nil,
        standardInput: [UInt8] = [],
        attempt: String? = nil,
        isSupervised: Bool = false
    ) {
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.standardInput = standardInput
        self.attempt = attempt
        self.isSupervised = isSupervised
    }
}

/// How a command ended.
package enum Termination: Sendable, Hashable {
    /// It exited with this code, 0 to 255.
    case exited(Int32)
    /// It was ended by this signal.
    case signaled(Int32)

    /// The code as a shell would tell it: the exit code, or 128 plus the signal's number.
    package var code: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }
}

/// What is known of a command after its end.
package struct CommandResult: Sendable, Equatable {
    /// How it ended.
    package var termination: Termination
    /// The last 64 KiB of what it wrote to standard error, decoded leniently.
    package var standardError: String

    package init(termination: Termination, standardError: String = "") {
        self.termination = termination
        self.standardError = standardError
    }
}
