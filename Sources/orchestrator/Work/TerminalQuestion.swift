import Foundation
import Glibc
import Runner

/// Asks a person at the terminal; there is none unless both standard input and standard output are terminals.
struct TerminalQuestion: Sendable {
    private let console: Console

    init?(console: Console, environment: [String: String]) {
        guard !Console.isAutomatic(environment), console.detail != .quiet, isatty(STDIN_FILENO) == 1,
            isatty(STDOUT_FILENO) == 1
        else { return nil }
        self.console = console
    }

    /// The person's answer, or nil if there is none now: an empty line, the end of input, or Ctrl-C.
    func ask(_ result: TaskResult) async -> Answer? {
        let count = result.options?.count ?? 0
        let letters = count > 0 ? "\(OptionLetter.of(0)) to \(OptionLetter.of(count - 1)), or " : ""
        let recommended = result.recommendation == nil ? "" : ", R for what it recommends"
        console.print(prompt: "Your answer (\(letters)your own words\(recommended); Enter leaves it open): ")
        let stops = await StopSignals.stream()
        let line = await withTaskGroup(of: String?.self) { group in
            group.addTask { await Self.readLine() }
            group.addTask {
                for await _ in stops { return nil }
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
        guard let line = line?.trimmingCharacters(in: .whitespaces), !line.isEmpty else {
            console.print(line: "The question stays open: orchestrator answer \(result.runID) …")
            return nil
        }
        return line.uppercased() == "R" && count < 18 && result.recommendation != nil ? .recommended : .words(line)
    }

    /// Waits for a line in steps, on a thread of its own, so that the wait ends with the task.
    private static func readLine() async -> String? {
        let isCancelled = CancellationMark()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread { continuation.resume(returning: Self.readLine(until: isCancelled)) }
            }
        } onCancel: {
            isCancelled.set()
        }
    }

    private static func readLine(until isCancelled: CancellationMark) -> String? {
        while !isCancelled.isSet {
            var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            let ready = unsafe poll(&descriptor, 1, 100)
            if ready < 0, errno != EINTR { return nil }
            if ready > 0 { return Swift.readLine(strippingNewline: true) }
        }
        return nil
    }
}
