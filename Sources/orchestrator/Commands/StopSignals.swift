import Glibc
import Runner
import UnixSignals

/// The signals that ask a run to stop.
enum StopSignals {
    /// Traps SIGINT, SIGTERM and SIGHUP from now on, and gives each as a request to stop.
    ///
    /// SIGHUP stays ignored where it was ignored at the start, as under `nohup`.
    ///
    /// - Returns: A stream that ends with its reader.
    static func stream() async -> AsyncStream<StopCause> {
        var signals: [UnixSignal] = [.sigint, .sigterm]
        if !isIgnored(SIGHUP) { signals.append(.sighup) }
        let trapped = await UnixSignalsSequence(trapping: signals)
        let (stream, continuation) = AsyncStream<StopCause>.makeStream()
        let reader = Task {
            for await signal in trapped {
                let cause: StopCause =
                    switch signal {
                    case .sigint: .interrupted
                    case .sighup: .hungUp
                    default: .terminated
                    }
                continuation.yield(cause)
            }
        }
        continuation.onTermination = { _ in reader.cancel() }
        return stream
    }

    /// Does the work until a signal asks to stop; then nothing of it is left behind.
    ///
    /// - Throws: `PreparationError` with the signal's exit code, or what the work throws.
    static func stoppable<Result: Sendable>(
        making thing: String,
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let stops = await stream()
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                for await stop in stops {
                    throw PreparationError(
                        exitCode: stop.cause.row.exitCode,
                        message: "\(stop.cause.row.words); no \(thing) was made."
                    )
                }
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }

    /// Lets a write to a reader that is gone fail, instead of ending the program in the middle of an attempt.
    ///
    /// By a handler that does nothing: unlike an ignored signal, it does not reach the commands that we start (execve(2)).
    static func surviveGoneReaders() {
        signal(SIGPIPE) { _ in }
    }

    /// Whether a signal is ignored.
    static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard unsafe sigaction(number, nil, &action) == 0 else { return false }
        // SIG_IGN is the address 1 (signal.h), which no function has.
        let handler = unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
        return handler == 1
    }
}
