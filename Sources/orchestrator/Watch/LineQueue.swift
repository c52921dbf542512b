import Dispatch
import Glibc
import Synchronization

/// Writes lines on a thread of its own, so that a slow reader delays nobody; what waits is bounded.
final class LineQueue: Sendable {
    private struct State {
        var waiting = 0
        var isGone = false
    }

    private let queue = DispatchQueue(label: "orchestrator.watch.output")
    private let state = Mutex(State())
    private let bound: Int
    private let output: Int32
    private let onGone: @Sendable () -> Void

    /// - Parameters:
    ///   - bound: How many bytes may wait.
    ///   - output: Where lines go, unless something else is said.
    ///   - onGone: Called once when the reader of the output is gone.
    init(bound: Int = 16 << 20, output: Int32 = STDOUT_FILENO, onGone: @escaping @Sendable () -> Void) {
        self.bound = bound
        self.output = output
        self.onGone = onGone
    }

    /// Takes lines to be written, or refuses all of them, since so much waits already that nobody seems to read.
    func write(_ lines: [UInt8], to descriptor: Int32? = nil) -> Bool {
        guard !lines.isEmpty else { return true }
        let isTaken = state.withLock { state in
            // What is larger than the bound passes when nothing waits, or it never would.
            guard state.waiting == 0 || state.waiting + lines.count <= bound else { return false }
            state.waiting += lines.count
            return true
        }
        if isTaken { queue.async { self.put(lines, to: descriptor ?? self.output) } }
        return isTaken
    }

    /// Waits until all is written, or the time has passed.
    func drain(atMost seconds: Int) {
        let group = DispatchGroup()
        queue.async(group: group) {}
        _ = group.wait(timeout: .now() + .seconds(seconds))
    }

    private func put(_ lines: [UInt8], to descriptor: Int32) {
        defer { state.withLock { $0.waiting -= lines.count } }
        if state.withLock({ $0.isGone }) { return }
        var rest = lines[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count < 0, errno != EINTR {
                guard descriptor == output else { return }
                state.withLock { $0.isGone = true }
                return onGone()
            }
        }
    }
}
