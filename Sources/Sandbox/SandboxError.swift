/// Why a sandbox cannot run a command.
package struct SandboxError: Error, Sendable, Equatable {
    /// The kinds of failure, for decisions; the words are in ``SandboxError/message``.
    package enum Code: String, Sendable {
        /// The tool that makes the sandbox (docker, bwrap) is not installed.
        case toolMissing
        /// The container daemon does not answer.
        case daemonUnreachable
        /// There is no such container.
        case containerMissing
        /// The container exists but does not run (stopped, paused).
        case containerNotRunning
        /// The workspace is missing or is not a directory.
        case workspaceUnusable
        /// The executable is missing inside the sandbox, or may not be executed there.
        case executableMissing
        /// The sandbox broke in some other way while a command was to be started.
        case startFailed
        /// The client that the command ran by was killed, or lost its daemon, before the command had ended.
        case connectionLost
    }

    /// What kind of failure this is.
    package var code: Code
    /// One line that names the thing that is wrong.
    package var message: String
    /// The one command or step that mends it, or nil if none is known.
    package var remedy: String?
    /// What the tool underneath said, if it said anything.
    package var cause: String?

    package init(_ code: Code, _ message: String, remedy: String? = nil, cause: String? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.cause = cause
    }
}

extension SandboxError: CustomStringConvertible {
    /// All of it on one line, for a person.
    package var description: String {
        var words = message
        if let cause { words += " (\(cause))" }
        if let remedy { words += " Way out: \(remedy)" }
        return words
    }
}
