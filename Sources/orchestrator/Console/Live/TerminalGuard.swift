import Glibc
import Synchronization

/// What must be true of the terminal while a part of its screen is redrawn, whatever ends or stops the program.
enum TerminalGuard {
    /// The signals that end the program at once: from a person (Ctrl-\), and from a bug of ours.
    private static let ending = [SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV]

    /// Whether the program was stopped (Ctrl-Z) since the last look: a shell has written meanwhile.
    private static let stopped = Atomic(false)

    /// What was done about the signals before, by number.
    ///
    /// A signal handler may take no lock; each entry is written before the handler that reads it is there.
    nonisolated(unsafe) private static var earlier: [sigaction?] = []

    /// Sees to it that the cursor comes back when a signal ends or stops the program.
    ///
    /// A handler does nothing but write(2) and what passes the signal on (signal-safety(7)). What is ignored, as under
    /// a shell without job control, stays ignored.
    static func install() {
        stopped.store(false, ordering: .relaxed)
        unsafe earlier = Array(repeating: nil, count: 65)
        for number in ending {
            handle(number) { number in
                TerminalGuard.showCursor()
                TerminalGuard.leave(number)
                raise(number)
            }
        }
        handle(SIGTSTP) { _ in
            TerminalGuard.showCursor()
            kill(getpid(), SIGSTOP)
            TerminalGuard.stopped.store(true, ordering: .relaxed)
        }
    }

    /// Leaves the signals to whom they were left before.
    static func remove() {
        for number in ending + [SIGTSTP] { leave(number) }
    }

    private static func handle(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
        var action = sigaction()
        guard !StopSignals.isIgnored(number), unsafe sigaction(number, nil, &action) == 0 else { return }
        unsafe earlier[Int(number)] = action
        signal(number, handler)
    }

    private static func leave(_ number: Int32) {
        guard var action = unsafe earlier[Int(number)] else { return }
        unsafe sigaction(number, &action, nil)
    }

    /// Whether the program was stopped since the last look.
    static func wasStopped() -> Bool { stopped.exchange(false, ordering: .relaxed) }

    private static func showCursor() {
        let text: StaticString = "\u{1B}[?7h\u{1B}[?25h\n"
        _ = unsafe write(STDOUT_FILENO, text.utf8Start, text.utf8CodeUnitCount)
    }

    /// The terminal's size now; a usual one where it does not tell.
    static var size: (columns: Int, rows: Int) {
        var size = winsize()
        let isKnown = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0
        return (
            isKnown && size.ws_col > 0 ? Int(size.ws_col) : 80, isKnown && size.ws_row > 0 ? Int(size.ws_row) : 24
        )
    }
}
