/// Why an agent cannot be used.
package struct AgentError: Error, Sendable, Equatable {
    /// The kinds of failure, for decisions; the words are in ``AgentError/message``.
    package enum Code: String, Sendable {
        /// The agent's executable is not in the sandbox.
        case notInstalled
        /// No credential was given.
        case credentialMissing
        /// The recording does not exist or cannot be read.
        case recordingUnreadable
    }

    /// What kind of failure this is.
    package var code: Code
    /// One line that names the thing that is wrong.
    package var message: String
    /// The one command or step that mends it.
    package var remedy: String?

    package init(_ code: Code, _ message: String, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }
}
