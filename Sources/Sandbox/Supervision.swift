/// How one command is run under a supervisor, inside the sandbox; see ``supervisor``.
struct Supervision: Sendable {
    /// The attempt, or a name made up for a command that belongs to none.
    let attempt: String
    /// Where the supervisor may leave its report, as seen inside.
    let reportPlaces: [String]
    /// What only this program and the supervisor know: who writes it has not been forged.
    private let key: String

    /// The environment variable that marks a supervisor of an attempt, and all that serves it.
    static let variable = "ORCHESTRATOR_SUPERVISES"
    /// Directories that nearly every system has, in memory where there is one.
    static let usualPlaces = ["/dev/shm", "/tmp", "/var/tmp"]
    /// What the supervisor adds to the end of standard error, at most.
    static let trailerLimit = 64

    init(of command: SandboxCommand, reportPlaces: [String] = usualPlaces) {
        let random = { String(UInt64.random(in: .min ... .max), radix: 16) }
        attempt = command.attempt ?? "unnamed-\(random())"
        key = "ended-\(random())\(random())"
        // Without an attempt nobody would ever ask for it.
        self.reportPlaces = command.attempt == nil ? [] : reportPlaces
    }

    /// The argument vector in place of the command's own.
    func arguments(for command: SandboxCommand) -> [String] {
        let places = reportPlaces.joined(separator: "\n")
        return ["/bin/sh", "-c", Self.entry, "sh", Self.supervisor, places, Self.reportName(of: attempt)]
            + command.arguments
    }

    /// The command's variables and the supervisor's mark; the supervisor gives the command the mark of the attempt.
    func environment(for command: SandboxCommand) -> [String: String] {
        var result = command.environment
        result[SandboxCommand.attemptVariable] = nil
        result[Self.variable] = attempt
        return result
    }

    /// What the lifeline carries.
    func input(for command: SandboxCommand) -> [UInt8] {
        Array("\(key) \(command.standardInput.count)\n".utf8) + command.standardInput
    }

    /// The file in which a supervisor reports what it has ended of an attempt.
    static func reportName(of attempt: String) -> String {
        let safe = attempt.utf8.prefix(80).map { byte in
            let isPlain =
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || byte == UInt8(ascii: "-")
            return isPlain ? String(UnicodeScalar(byte)) : "_" + String(byte, radix: 16)
        }
        return ".orchestrator-ended-" + safe.joined()
    }
}

/// How a supervised command ended, by what its supervisor has said.
enum SupervisedEnd: Sendable, Equatable {
    /// It ended, and this is its result.
    case ended(CommandResult)
    /// It was not started, because its executable is missing or may not be executed; in the words of the system, if any.
    case executableMissing(cause: String?)
    /// It was not started, because there is no directory for its input.
    case noPlaceForInput
    /// Nothing proves that it ended.
    case unknown
}

extension Supervision {
    /// Reads what the supervisor added to standard error.
    ///
    /// - Parameter result: The end of the client, with at least ``trailerLimit`` more bytes of standard error than a result
    ///   has.
    /// - Returns: What the supervisor has said, or that it has said nothing.
    func end(of result: CommandResult) -> SupervisedEnd {
        let text = result.standardError
        guard let start = text.ranges(of: key + " ").last, let stop = text[start.upperBound...].firstIndex(of: "\n")
        else {
            return .unknown
        }
        let word = text[start.upperBound..<stop]
        guard let code = Int32(word) else {
            return word == "missing" ? .executableMissing(cause: nil) : .noPlaceForInput
        }
        // A client that was killed when the command had ended may have lost the end of its output.
        guard result.termination == .exited(code) else { return .unknown }
        var tail = OutputTail(limit: HostProcess.errorLimit)
        tail.append(Array((text[..<start.lowerBound] + text[text.index(after: stop)...]).utf8))
        let own = CommandResult(termination: .exited(code), standardError: tail.text)
        // What is there, but not for this system: an interpreter or a linker is missing.
        if code == 126 || code == 127, own.standardError.hasPrefix("setsid: ") {
            return .executableMissing(cause: String(own.standardError.prefix { $0 != "\n" }))
        }
        return .ended(own)
    }
}

extension Supervision {
    /// The command's own result, once its client has ended.
    ///
    /// - Throws: ``SandboxError`` when the command was not started, or nothing proves that it ended.
    func result(
        of command: SandboxCommand,
        _ result: CommandResult,
        in place: String,
        by client: String,
        missing: (_ cause: String?) -> SandboxError
    ) throws(SandboxError) -> CommandResult {
        switch end(of: result) {
        case .ended(let own): return own
        case .executableMissing(let cause): throw missing(cause)
        case .noPlaceForInput: throw .noPlaceForInput(command, in: place)
        case .unknown: throw .connectionLost(command, to: place, by: client, result)
        }
    }
}

extension SandboxError {
    /// The command was cut off from this program.
    ///
    /// - Parameters:
    ///   - command: What was cut off.
    ///   - place: What the connection led to, such as `container x`.
    ///   - client: The client that it went by.
    ///   - result: How the client ended.
    /// - Returns: The error that says so.
    static func connectionLost(
        _ command: SandboxCommand,
        to place: String,
        by client: String,
        _ result: CommandResult
    ) -> SandboxError {
        let end =
            switch result.termination {
            case .exited(let code): "exited with code \(code)"
            case .signaled(let signal): "was ended by signal \(signal)"
            }
        let words = result.standardError.split(separator: "\n").last.map { ": \($0)" } ?? ""
        return SandboxError(
            .connectionLost,
            "The connection to \(place) was lost before \(command.name) had ended.",
            remedy: "try again",
            cause: "\(client) \(end)\(words)"
        )
    }

    /// There is no directory for the input of a supervised command.
    static func noPlaceForInput(_ command: SandboxCommand, in place: String) -> SandboxError {
        SandboxError(
            .startFailed,
            "The input of \(command.name) cannot be put anywhere in \(place).",
            remedy: "make /dev/shm, /tmp or /var/tmp writable there"
        )
    }
}
