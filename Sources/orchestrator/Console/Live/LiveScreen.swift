import Foundation
import Glibc
import Runner
import Synchronization

/// Owns the terminal while an attempt is shown: redraws a part of its screen, at most ten times a second however much
/// happens, and writes above it what others print.
///
/// A thread of its own writes, so that a terminal that takes nothing holds up no attempt.
final class LiveScreen: Sendable {
    /// What is printed above the part that is redrawn.
    private enum Piece: Sendable {
        case text(String)
        case rows([LiveRow])
    }

    private struct Shared: Sendable {
        var state: LiveState
        private var above: [Piece] = []
        /// What came faster than it could be shown, in lines.
        private var skipped = 0
        var isDirty = true
        var isEnding = false
        var hasEnded = false
        var whenEnded: CheckedContinuation<Void, Never>?

        init(_ state: LiveState) { self.state = state }

        /// Adds what is to be printed; where too much waits, the oldest calls are only counted, and texts if there are no others.
        mutating func add(_ piece: Piece) {
            if above.count >= LiveScreen.mostWaiting {
                let oldest = above.firstIndex { if case .rows = $0 { true } else { false } } ?? 0
                if case .rows(let rows) = above.remove(at: oldest) { skipped += rows.count } else { skipped += 1 }
            }
            above.append(piece)
        }

        /// What is to be printed, which does not wait any more.
        mutating func takeAbove() -> [Piece] {
            defer { (above, skipped) = ([], 0) }
            return skipped > 0 ? [.rows([.more(skipped, depth: 0)])] + above : above
        }
    }

    private let shared: Mutex<Shared>
    private let console: Console
    private let start = ContinuousClock.now
    /// Raised when there is something new, and at the end.
    private let news = DispatchSemaphore(value: 0)
    private let ending = DispatchSemaphore(value: 0)

    /// No frame follows another sooner.
    private static let pause = DispatchTimeInterval.milliseconds(100)
    /// The size of the terminal, and the time that passes, are looked at so often.
    private static let glance = DispatchTimeInterval.milliseconds(250)
    /// No more than so many pieces wait for one frame.
    private static let mostWaiting = 200

    /// The one that owns the terminal, if one does.
    static var current: LiveScreen? { owner.withLock { $0 } }
    private static let owner = Mutex<LiveScreen?>(nil)

    /// Takes the terminal for an attempt; ``end()`` gives it back.
    init(_ state: LiveState, console: Console) {
        shared = Mutex(Shared(state))
        self.console = console
        TerminalGuard.install()
        Self.owner.withLock { $0 = self }
        let thread = Thread { [self] in draw() }
        thread.name = "live screen"
        thread.start()
    }

    /// Takes an event in.
    func observe(_ event: RunEvent) {
        let time = ContinuousClock.now - start
        note { shared in
            let rows = shared.state.take(event, at: time)
            if !rows.isEmpty { shared.add(.rows(rows)) }
        }
    }

    /// Takes a text that is to be printed; returns false if the terminal is not where it goes.
    func takes(_ text: String, for descriptor: Int32) -> Bool {
        guard descriptor == STDOUT_FILENO || isatty(descriptor) == 1 else { return false }
        note { $0.add(.text(text)) }
        return true
    }

    /// Gives the terminal back: the redrawn part is gone, what was to be printed stands there, the cursor is to be seen.
    func end() async {
        await withCheckedContinuation { continuation in
            let isOver = shared.withLock { shared in
                if !shared.hasEnded { shared.whenEnded = continuation }
                shared.isEnding = true
                return shared.hasEnded
            }
            if isOver { continuation.resume() }
            ending.signal()
            news.signal()
        }
    }

    private func note(_ change: (inout Shared) -> Void) {
        let isFirst = shared.withLock { shared in
            change(&shared)
            defer { shared.isDirty = true }
            return !shared.isDirty
        }
        if isFirst { news.signal() }
    }
}

extension LiveScreen {
    /// Draws one frame after another until the end; on a thread of its own.
    private func draw() {
        var frame = LiveFrame()
        while true {
            let (state, above, isEnding) = shared.withLock { shared in
                if shared.isEnding {
                    let rows = shared.state.end(at: ContinuousClock.now - start)
                    if !rows.isEmpty { shared.add(.rows(rows)) }
                }
                shared.isDirty = false
                return (shared.state, shared.takeAbove(), shared.isEnding)
            }
            write(&frame, state, above, isEnding: isEnding)
            if isEnding { break }
            if ending.wait(timeout: .now() + Self.pause) == .timedOut { _ = news.wait(timeout: .now() + Self.glance) }
        }
        Self.owner.withLock { $0 = nil }
        TerminalGuard.remove()
        // What came in the meantime.
        let (rest, waiting) = shared.withLock { shared in
            shared.hasEnded = true
            return (shared.takeAbove(), shared.whenEnded)
        }
        for case .text(let text) in rest { Console.writeAll(text, to: STDOUT_FILENO) }
        waiting?.resume()
    }

    private func write(_ frame: inout LiveFrame, _ state: LiveState, _ above: [Piece], isEnding: Bool) {
        let size = TerminalGuard.size
        // The last column stays free: what is erased from there on would take a character with it.
        let view = LiveView(
            width: size.columns - 1,
            height: size.rows,
            isVerbose: console.detail == .verbose,
            mask: console.mask
        )
        let text = above.reduce(into: "") { text, piece in
            switch piece {
            case .text(let line): text += line
            case .rows(let rows): for line in view.lines(of: rows) { text += line + "\n" }
            }
        }
        if TerminalGuard.wasStopped() { frame.forget() }
        // In the background the terminal is another's.
        let isOurs = tcgetpgrp(STDOUT_FILENO) == getpgrp()
        guard isOurs || isEnding else { return Console.writeAll(text, to: STDOUT_FILENO) }
        let area = isEnding ? [] : view.area(of: state, at: ContinuousClock.now - start)
        Console.writeAll(frame.update(to: area, above: text, width: size.columns), to: STDOUT_FILENO)
    }
}
