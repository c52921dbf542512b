import Glibc
import Subprocess
import SystemPackage

/// One process of this machine: the client of a sandbox (`docker exec`, `bwrap`), or a bare command.
///
/// It leads a session of its own, so that a Ctrl-C at the terminal reaches the program alone, which then decides what
/// ends and how. Its environment is exactly what is given here.
struct HostProcess: Sendable {
    /// A path, or a name that is looked for in `PATH` of ``environment``.
    var executable: String
    /// The arguments after the executable.
    var arguments: [String]
    /// The whole environment.
    var environment: [String: String]
    /// Where it starts, absolute; the program's own directory when nil.
    var workingDirectory: String?
    /// What it reads; see ``InputFile``.
    var standardInput: [UInt8] = []
    /// Whether it gets its input by a ``Lifeline``, which stays open until it has ended, and what the end of that does.
    var lifeline = LifelineUse.none

    enum LifelineUse: Sendable {
        /// Its input comes by a file.
        case none
        /// It passes the end of its input on to somebody else, and may be killed itself.
        case passesOn
        /// It ends by itself, with all that it has started, when its input ends: it is given ``teardownPatience``.
        case endsItself
    }

    /// How much is still read once the process has ended: as much as a pipe can hold (1 MiB is Linux's limit).
    private static let drainLimit = 1 << 20
    private static let chunkLimit = 64 << 10
    /// How much of standard error a result has.
    static let errorLimit = 64 << 10
    /// How long a process may take to end when its lifeline has: a supervisor needs 5 s at most before it kills.
    private static let teardownPatience = Duration.seconds(8)

    /// Runs the process to its end.
    ///
    /// Output that lies in the pipes when the process ends is still handed over, at most 1 MiB; nothing is waited for
    /// after that. A background child that holds the pipe open therefore delays nothing, and what it writes later is
    /// lost to it (it sees a closed pipe).
    ///
    /// When the task is cancelled, or `output` throws, the process and its process group are killed, or else end by their
    /// lifeline.
    ///
    /// - Throws: ``StartFailure``, `CancellationError`, or what `output` threw.
    func run(output: @escaping @Sendable ([UInt8]) async throws -> Void) async throws -> CommandResult {
        try Task.checkCancellation()
        try checkStrings()
        let lifeline = self.lifeline == .none ? nil : try Lifeline()
        defer { lifeline?.close() }
        let input = try lifeline?.farEnd ?? InputFile.open(standardInput)
        defer { try? input.close() }
        do {
            return try await withTaskCancellationHandler {
                try await run(input: input, lifeline: lifeline, output: output)
            } onCancel: {
                lifeline?.close()
            }
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw StartFailure(error)
        }
    }

    private var options: PlatformOptions {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)]
        if lifeline == .endsItself {
            // A signal that does nothing: the lifeline has been closed.
            let wait = TeardownStep.send(signal: .resume, allowedDurationToNextStep: Self.teardownPatience)
            options.teardownSequence.insert(wait, at: 0)
        }
        return options
    }

    private func run(
        input: FileDescriptor,
        lifeline: Lifeline?,
        output: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> CommandResult {
        let standardInput = standardInput
        let ended = try await Subprocess.run(
            .path(FilePath(try await Self.path(of: executable, in: environment))),
            arguments: Arguments(arguments),
            environment: Environment(environment),
            workingDirectory: workingDirectory.map { FilePath($0) },
            platformOptions: options,
            input: .fileDescriptor(input, closeAfterSpawningProcess: false),
            output: .sequence,
            error: .sequence
        ) { process in
            do {
                return try await Self.forward(process, to: output, sending: standardInput, by: lifeline)
            } catch {
                lifeline?.close()
                throw error
            }
        }
        try Task.checkCancellation()
        return CommandResult(termination: Termination(ended.terminationStatus), standardError: ended.closureResult)
    }

    /// Hands standard output over and returns the tail of standard error.
    private static func forward<Input>(
        _ process: Execution<Input, SequenceOutput, SequenceOutput>,
        to output: @escaping @Sendable ([UInt8]) async throws -> Void,
        sending input: [UInt8],
        by lifeline: Lifeline?
    ) async throws -> String {
        let id = process.processIdentifier.value
        return try await withThrowingTaskGroup(of: String?.self) { group in
            // Whoever has ended takes nothing more; what has not been sent then is cancelled.
            defer { group.cancelAll() }
            group.addTask {
                await lifeline?.send(input)
                return nil
            }
            group.addTask {
                var tail = OutputTail(limit: errorLimit + (lifeline == nil ? 0 : Supervision.trailerLimit))
                try await Self.drain(process.standardError, of: id) { tail.append($0) }
                return tail.text
            }
            try await drain(process.standardOutput, of: id) { bytes in
                for start in stride(from: 0, to: bytes.count, by: chunkLimit) {
                    try await output(Array(bytes[start..<min(start + chunkLimit, bytes.count)]))
                }
            }
            while let finished = try await group.next() {
                if let text = finished { return text }
            }
            return ""
        }
    }

    /// Reads a stream until its end, or until the process has ended and what it left in the pipe has been read.
    private static func drain(
        _ stream: SubprocessOutputSequence,
        of process: pid_t,
        _ take: ([UInt8]) async throws -> Void
    ) async throws {
        var sinceEnd = 0
        for try await chunk in stream {
            let bytes = unsafe chunk.withUnsafeBytes { unsafe Array($0) }
            try await take(bytes)
            if sinceEnd > 0 || hasEnded(process) {
                sinceEnd += bytes.count
                if sinceEnd >= drainLimit { return }
            }
        }
    }

    /// Whether the process has exited, leaving it to be reaped by its owner, Subprocess.
    private static func hasEnded(_ process: pid_t) -> Bool {
        var information = unsafe siginfo_t()
        let code = unsafe waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT)
        return unsafe code == 0 && information.si_signo != 0
    }

    /// The path of an executable that is given by path, or by name and then found in `PATH` of an environment.
    ///
    /// - Throws: ``StartFailure/executableMissing`` when it is not found; a path is not looked at.
    static func path(of executable: String, in environment: [String: String]) async throws(StartFailure) -> String {
        if executable.contains("/") { return executable }
        do {
            return try await Executable.name(executable).resolveExecutablePath(in: Environment(environment)).string
        } catch {
            throw StartFailure(error)
        }
    }

    /// Refuses what the kernel would silently cut: arguments and variables end at their first NUL.
    private func checkStrings() throws(StartFailure) {
        for (index, text) in ([executable] + arguments).enumerated() where text.utf8.contains(0) {
            throw .invalid("argument \(index) contains a NUL byte")
        }
        for (name, value) in environment {
            guard !name.isEmpty, !name.utf8.contains(0), !name.utf8.contains(UInt8(ascii: "=")) else {
                throw .invalid("\"\(name)\" cannot be the name of an environment variable")
            }
            guard !value.utf8.contains(0) else {
                throw .invalid("the environment variable \(name) contains a NUL byte")
            }
        }
    }
}

/// The `PATH` of a sandbox whose maker did not give one.
let standardSearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

extension Environment {
    /// Exactly these variables, and a `PATH`: without one, Subprocess would search that of our own process.
    fileprivate init(_ variables: [String: String]) {
        var values: [Key: String] = ["PATH": standardSearchPath]
        for (name, value) in variables { values[Key(stringLiteral: name)] = value }
        self = .custom(values)
    }
}

extension Termination {
    fileprivate init(_ status: TerminationStatus) {
        switch status {
        case .exited(let code): self = .exited(code)
        case .signaled(let signal): self = .signaled(signal)
        }
    }
}
