import Plans
import Sandbox
import Synchronization

/// Runs the commands of one block of a plan, each as a check of its own.
struct BlockChecks<RunClock: Clock>: Sendable where RunClock.Duration == Duration {
    let runner: CheckRunner<RunClock>
    let block: CommandBlock
    /// Stands before what the script itself says; no command knows it.
    let key: String
    let observe: @Sendable (CheckResult) async -> Void

    /// The block's progress, which arrives in a concurrent callback.
    private final class Progress: Sendable {
        struct State {
            var reader: BlockReader
            var checks: [CheckResult] = []
            var started: RunClock.Instant
            var isFinished = false
        }
        let state: Mutex<State>
        init(_ state: sending State) { self.state = Mutex(state) }
    }

    /// Runs the block: one result a command, those that were not run any more in one result at the end.
    func run() async -> [CheckResult] {
        let deadline = runner.deadline
        let progress = Progress(Progress.State(reader: BlockReader(key: key), started: runner.clock.now))
        var obstacle: CheckRunner<RunClock>.Obstacle?
        var termination: Termination?
        do throws(CheckRunner<RunClock>.Obstacle) {
            termination = try await runner.run(
                BlockScript.arguments(block.text),
                input: Array((key + "\n").utf8),
                deadline: deadline
            ) { chunk in
                for check in take(chunk, progress, deadline) { await observe(check) }
            }
            .termination
        } catch {
            obstacle = error
        }
        let last = close(progress, obstacle, termination)
        for check in last { await observe(check) }
        return progress.state.withLock(\.checks)
    }

    /// Takes output in, and returns the checks that it ended.
    private func take(
        _ chunk: [UInt8],
        _ progress: Progress,
        _ deadline: CheckRunner<RunClock>.Deadline
    ) -> [CheckResult] {
        progress.state.withLock { state in
            var ended: [CheckResult] = []
            for event in state.reader.append(chunk) {
                switch event {
                case .began(let line, let count):
                    state.started = runner.clock.now
                    deadline.set(state.started.advanced(by: runner.timeLimit))
                    state.checks.append(check(at: line, count: count))
                case .ended(let code, let output):
                    guard let last = state.checks.indices.last else { continue }
                    state.checks[last].end(
                        code: code,
                        output: output,
                        after: state.started.duration(to: runner.clock.now)
                    )
                    ended.append(state.checks[last])
                case .finished:
                    state.isFinished = true
                }
            }
            return ended
        }
    }

    /// Settles the command that did not tell its end, and adds what was not run.
    private func close(
        _ progress: Progress,
        _ obstacle: CheckRunner<RunClock>.Obstacle?,
        _ termination: Termination?
    ) -> [CheckResult] {
        progress.state.withLock { state in
            var added: [CheckResult] = []
            if let last = state.checks.indices.last, state.checks[last].isOpen {
                let output = state.reader.takeOutput().trimmedEnd
                let seconds = state.started.duration(to: runner.clock.now)
                if obstacle == nil {
                    // `exec`, or a shell that was ended: its code is that of the block.
                    state.checks[last].end(code: termination?.code ?? 1, output: output, after: seconds)
                } else {
                    state.checks[last].end(by: obstacle, limit: runner.timeLimit, output: output, after: seconds)
                }
                added.append(state.checks[last])
            }
            if let rest = notRun(after: state, obstacle) {
                state.checks.append(rest)
                added.append(rest)
            }
            return added
        }
    }

    private func check(at line: Int, count: Int) -> CheckResult {
        let text = block.lines(from: line, count: count)
        return CheckResult(.command, text: text, line: block.line + 1 + line, command: text)
    }

    /// What of the block was not run, as one check.
    private func notRun(after state: Progress.State, _ obstacle: CheckRunner<RunClock>.Obstacle?) -> CheckResult? {
        guard !state.isFinished else { return nil }
        let next = state.checks.last.map { $0.line - block.line - 1 + $0.text.lineCount } ?? 0
        let text = block.lines(from: next, count: .max)
        guard text.split(separator: "\n").contains(where: \.isCommandLine) else { return nil }
        var check = CheckResult(.command, text: text, line: block.line + 1 + next, command: text)
        check.explanation =
            switch obstacle {
            case .sandbox(let words) where state.checks.isEmpty: "not run: \(words)"
            case .stopped: "not run: the attempt was stopped"
            default: "not run, because the command before it failed"
            }
        return check
    }
}

extension CheckResult {
    /// Whether it has begun and told no end.
    var isOpen: Bool { outcome == .notRun && explanation == nil }

    /// Settles a command that ended by itself.
    mutating func end(code: Int32, output: String, after duration: Duration) {
        exitCode = code
        self.output = output
        seconds = duration.inSeconds
        outcome = code == 0 ? .passed : .failed
        explanation = code == 0 ? nil : "exit code \(code)" + (code == 127 ? " (command not found)" : "")
    }

    /// Settles a command that did not end by itself.
    mutating func end<RunClock>(
        by obstacle: CheckRunner<RunClock>.Obstacle?,
        limit: Duration,
        output: String,
        after duration: Duration
    ) {
        self.output = output
        seconds = duration.inSeconds
        switch obstacle {
        case .tookTooLong:
            outcome = .failed
            explanation = "it did not end within \(limit.inWords) and was ended (--check-timeout)"
        case .sandbox(let words): explanation = "not run to its end: \(words)"
        case .stopped, nil: explanation = "not run to its end: the attempt was stopped"
        }
    }
}

extension CommandBlock {
    /// Some of the block's lines.
    fileprivate func lines(from first: Int, count: Int) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(first).prefix(count)
            .joined(separator: "\n")
    }
}

extension StringProtocol {
    fileprivate var lineCount: Int { split(separator: "\n", omittingEmptySubsequences: false).count }

    /// Whether a line is neither blank nor a comment.
    fileprivate var isCommandLine: Bool {
        let first = drop(while: \.isWhitespace).first
        return first != nil && first != "#"
    }
}
