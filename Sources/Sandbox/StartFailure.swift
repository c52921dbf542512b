import Subprocess
import SystemPackage

/// Why a process of this machine did not start.
///
/// A sandbox turns it into a ``SandboxError`` that names its own thing.
enum StartFailure: Error, Equatable {
    /// No such executable, one that may not be executed, or a script whose interpreter is missing.
    case executableMissing
    /// The directory to start in is missing or may not be entered.
    case workingDirectoryUnusable
    /// The kernel refused the size of arguments and environment (E2BIG).
    case argumentsTooLong
    /// An argument or a variable that no process can be given.
    case invalid(String)
    /// Anything else, in the words of Subprocess.
    case other(String)

    init(_ error: SubprocessError) {
        switch error.code {
        case .executableNotFound: self = .executableMissing
        case .failedToChangeWorkingDirectory: self = .workingDirectoryUnusable
        case .spawnFailed where error.underlyingError == .argListTooLong: self = .argumentsTooLong
        default: self = .other(error.description)
        }
    }
}

extension SandboxError {
    /// The command line is larger than the kernel allows.
    static func argumentsTooLong(_ command: SandboxCommand, cause: String? = nil) -> SandboxError {
        let longest = command.arguments.map(\.utf8.count).max() ?? 0
        return SandboxError(
            .startFailed,
            "The arguments of \(command.name) are too long: the longest has \(longest) bytes, 131071 are allowed.",
            remedy: "pass long text on standard input",
            cause: cause
        )
    }

    /// The failures that mean the same in every sandbox; nil for the other two, which each sandbox words itself.
    static func common(_ failure: StartFailure, of command: SandboxCommand) -> SandboxError? {
        switch failure {
        case .argumentsTooLong: .argumentsTooLong(command)
        case .invalid(let what): SandboxError(.startFailed, "\(command.name) cannot be run: \(what).")
        case .other(let what): SandboxError(.startFailed, "\(command.name) could not be started.", cause: what)
        case .executableMissing, .workingDirectoryUnusable: nil
        }
    }
}

extension SandboxCommand {
    /// The executable's name, for messages.
    var name: String { arguments.first ?? "" }

    /// The variables that the command adds to the sandbox's own, with the mark of the attempt.
    var markedEnvironment: [String: String] {
        var result = environment
        if let attempt { result[Self.attemptVariable] = attempt }
        return result
    }

    /// - Throws: ``SandboxError`` when there is no executable to run.
    func checkNotEmpty() throws(SandboxError) {
        if name.isEmpty { throw SandboxError(.startFailed, "There is no command to run: its executable is empty.") }
    }
}
