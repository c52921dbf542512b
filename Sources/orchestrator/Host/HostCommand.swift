import Foundation
import Glibc
import Sandbox
import Subprocess
import SystemPackage

/// A program of this machine that the orchestrator itself needs, run to its end within a bound: `curl`, `tar`, a user's hook.
///
/// It leads a session of its own, so that a Ctrl-C at the terminal does not reach it; signals and their mask are as in
/// a new login. When it has ended, or its time is over, whatever is left of its process group is killed. What it reads and
/// writes are files, so nobody is waited for who holds a pipe open.
struct HostCommand: Sendable {
    /// Where standard output and standard error go.
    enum Output: Sendable {
        /// The beginning of each is kept, see ``Ending``.
        case kept
        /// Both go to our own standard error.
        case passedOn
        /// Standard output goes to this file, and the beginning of standard error is kept.
        case file(FileDescriptor)
    }

    /// How it ended, and what it wrote.
    struct Ending: Sendable {
        /// The exit code, or 128 plus the signal's number.
        var code: Int32
        var output: [UInt8] = []
        var errors: [UInt8] = []

        /// Standard output without the blanks around it.
        var text: String { Self.trimmed(output) }

        /// The last line of standard error that is not empty.
        var lastWords: String? { Self.trimmed(errors).split(separator: "\n").last.map(String.init) }

        private static func trimmed(_ bytes: [UInt8]) -> String {
            String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    /// Why there is no ending.
    enum Failure: Error, Sendable, Equatable {
        /// It had not ended in time, and was killed.
        case tookTooLong(Duration)
        /// It could not be started.
        case notStarted(String)
    }

    /// Its path.
    var executable: String
    var arguments: [String]
    /// The whole environment.
    var environment: [String: String]
    /// What it reads from standard input.
    var input: [UInt8] = []
    var output = Output.kept

    /// How much is kept of what it writes.
    private static let limit = 64 << 10

    /// Runs it; it takes no longer than the bound.
    ///
    /// - Throws: ``Failure``, or `CancellationError`.
    func run(within bound: Duration) async throws -> Ending {
        try await withThrowingTaskGroup(of: Ending?.self) { group in
            group.addTask { try await run() }
            group.addTask {
                try await Task.sleep(for: bound)
                return nil
            }
            defer { group.cancelAll() }
            guard let ending = try await group.next() ?? nil else { throw Failure.tookTooLong(bound) }
            return ending
        }
    }

    private func run() async throws -> Ending {
        do {
            let input = try PrivateFile.nameless(self.input)
            defer { try? input.close() }
            switch output {
            case .passedOn:
                return Ending(code: try await run(input, .standardError, .standardError))
            case .file(let file):
                return try await keepingErrors { try await run(input, file, $0) }
            case .kept:
                let output = try PrivateFile.nameless()
                defer { try? output.close() }
                var ending = try await keepingErrors { try await run(input, output, $0) }
                ending.output = try output.beginning(atMost: Self.limit)
                return ending
            }
        } catch let error as Errno {
            throw Failure.notStarted("no file for what it reads or writes: \(error.systemReason)")
        }
    }

    private func keepingErrors(_ run: (FileDescriptor) async throws -> Int32) async throws -> Ending {
        let errors = try PrivateFile.nameless()
        defer { try? errors.close() }
        let code = try await run(errors)
        return Ending(code: code, errors: try errors.beginning(atMost: Self.limit))
    }

    /// - Returns: The exit code, or 128 plus the signal's number.
    private func run(_ input: FileDescriptor, _ output: FileDescriptor, _ errors: FileDescriptor) async throws -> Int32
    {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)]
        let variables = environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) }
        do {
            let result = try await Subprocess.run(
                .path(FilePath(executable)),
                arguments: Arguments(arguments),
                environment: .custom(Dictionary(variables) { first, _ in first }),
                platformOptions: options,
                input: .fileDescriptor(input, closeAfterSpawningProcess: false),
                output: .fileDescriptor(output, closeAfterSpawningProcess: false),
                error: .fileDescriptor(errors, closeAfterSpawningProcess: false)
            ) { $0.processIdentifier.value }
            // The kernel gives no number away while a process group bears it.
            kill(-result.closureResult, SIGKILL)
            try Task.checkCancellation()
            return switch result.terminationStatus {
            case .exited(let code): code
            case .signaled(let signal): 128 + signal
            }
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw Failure.notStarted(error.description)
        }
    }
}
