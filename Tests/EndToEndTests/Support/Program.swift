import Foundation

/// A program that a test has started: its output goes to files, its end is waited for within a bound.
final class Program: Sendable {
    /// How a program ended, and what it wrote.
    struct End: Sendable {
        /// The exit code, or 128 plus the signal's number.
        var code: Int32
        /// Whether a signal ended it.
        var isBySignal: Bool
        /// All of standard output.
        var outputBytes: Data
        /// All of standard error.
        var errorBytes: Data

        var output: String { String(decoding: outputBytes, as: UTF8.self) }
        var errors: String { String(decoding: errorBytes, as: UTF8.self) }
    }

    /// A program did not end, or was not ready, in time; what it wrote is told.
    struct TooLate: Error, CustomStringConvertible {
        var description: String
    }

    /// The path of the file that gets standard output while it runs.
    let outputFile: String
    private let errorFile: String
    private let input = Pipe()
    private let process = Process()
    private let exits: AsyncStream<Void>

    /// Starts it with nothing in its environment but what is given; its output goes to an existing directory.
    ///
    /// Standard input is empty, or stays open until this value goes away.
    init(
        _ executable: String,
        _ arguments: [String],
        environment: [String: String],
        directory: String,
        files: String,
        keepsInputOpen: Bool = false
    ) throws {
        let name = files + "/" + UUID().uuidString
        outputFile = name + ".out"
        errorFile = name + ".err"
        for file in [outputFile, errorFile] { try Data().write(to: URL(filePath: file)) }
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = URL(filePath: directory)
        let output = try FileHandle(forWritingTo: URL(filePath: outputFile))
        let errors = try FileHandle(forWritingTo: URL(filePath: errorFile))
        // The program has its own descriptors of them. Foundation keeps ours open for ever, and its `Process.run` reads
        // beyond a page of memory when more than 1,300 are open.
        defer { for file in [output, errors] { try? file.close() } }
        process.standardOutput = output
        process.standardError = errors
        if keepsInputOpen {
            process.standardInput = input
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        let (exits, ended) = AsyncStream<Void>.makeStream()
        self.exits = exits
        process.terminationHandler = { _ in ended.finish() }
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    var identifier: Int32 { process.processIdentifier }

    func send(signal: Int32) {
        kill(process.processIdentifier, signal)
    }

    /// Waits for its end; one that takes longer than the limit is killed, which is an error.
    func end(within limit: Duration = .seconds(90)) async throws -> End {
        let hasEnded = await withTaskGroup(of: Bool.self) { group in
            group.addTask { [exits] in
                for await _ in exits {}
                return !Task.isCancelled
            }
            group.addTask {
                try? await Task.sleep(for: limit)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
        guard hasEnded else {
            send(signal: SIGKILL)
            throw TooLate(description: "Not ended within \(limit). It wrote:\n\(writtenSoFar)")
        }
        let isBySignal = process.terminationReason == .uncaughtSignal
        return End(
            code: process.terminationStatus + (isBySignal ? 128 : 0),
            isBySignal: isBySignal,
            outputBytes: try Data(contentsOf: URL(filePath: outputFile)),
            errorBytes: try Data(contentsOf: URL(filePath: errorFile))
        )
    }

    /// What it has written until now, for a message.
    var writtenSoFar: String {
        [outputFile, errorFile].map { (try? String(contentsOfFile: $0, encoding: .utf8)) ?? "" }.joined()
    }
}

/// Waits until something is there: looks again and again, within a bound.
func eventually<Value>(
    _ what: String,
    within limit: Duration = .seconds(60),
    every pause: Duration = .milliseconds(20),
    _ look: () async throws -> Value?
) async throws -> Value {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if let value = try await look() { return value }
        try await Task.sleep(for: pause)
    }
    throw Program.TooLate(description: "Waited \(limit) for \(what).")
}
