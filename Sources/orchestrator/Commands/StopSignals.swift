import Glibc
import Runner
import UnixSignals

/// The signals that ask a run to stop.
enum StopSignals {
    /// Traps SIGINT, SIGTERM and SIGHUP from now on, and gives each as a request to stop.
    ///
    /// SIGHUP stays ignored where it was ignored at the start, as under `nohup`.
    ///
    /// - Parameter onStop: Called once, at the first of them.
    /// - Returns: A stream that ends with its reader.
    static func stream(onStop: @escaping @Sendable (StopCause) -> Void) async -> AsyncStream<StopCause> {
        var signals: [UnixSignal] = [.sigint, .sigterm]
        if !isHangupIgnored { signals.append(.sighup) }
        let trapped = await UnixSignalsSequence(trapping: signals)
        let (stream, continuation) = AsyncStream<StopCause>.makeStream()
        let reader = Task {
            var isFirst = true
            for await signal in trapped {
                let cause: StopCause =
                    switch signal {
                    case .sigint: .interrupted
                    case .sighup: .hungUp
                    default: .terminated
                    }
                if isFirst { onStop(cause) }
                isFirst = false
                continuation.yield(cause)
            }
        }
        continuation.onTermination = { _ in reader.cancel() }
        return stream
    }

    /// Lets a write to a reader that is gone fail, instead of ending the program in the middle of an attempt.
    ///
    /// By a handler that does nothing: unlike an ignored signal, it does not reach the commands that we start (execve(2)).
    static func surviveGoneReaders() {
        signal(SIGPIPE) { _ in }
    }

    private static var isHangupIgnored: Bool {
        var action = sigaction()
        guard unsafe sigaction(SIGHUP, nil, &action) == 0 else { return false }
        // SIG_IGN is the address 1 (signal.h), which no function has.
        let handler = unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
        return handler == 1
    }
}
