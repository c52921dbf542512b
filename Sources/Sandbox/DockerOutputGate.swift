import Synchronization

/// Holds standard output back as long as it could be Docker's own message instead of the command's output.
///
/// `docker exec` reports a command that could not be started on standard output ("OCI runtime exec failed: …", code
/// 126 or 127). Output that begins otherwise passes at its first byte that differs.
final class DockerOutputGate: Sendable {
    /// How Docker's message begins.
    static let message = Array("OCI runtime exec failed: ".utf8)
    /// No message is longer; a command's output that begins in this way passes when it gets there.
    static let longestMessage = 16 << 10

    private struct State {
        var held: [UInt8] = []
        var isOpen = false
    }

    private let state = Mutex(State())

    /// Takes a chunk and returns what may go on, which is nothing as long as it is held.
    func admit(_ chunk: [UInt8]) -> [UInt8] {
        state.withLock { state in
            if state.isOpen { return chunk }
            state.held += chunk
            let isMessage = zip(state.held, Self.message).allSatisfy(==)
            if isMessage && state.held.count <= Self.longestMessage { return [] }
            state.isOpen = true
            defer { state.held = [] }
            return state.held
        }
    }

    /// What is still held.
    var held: [UInt8] { state.withLock(\.held) }

    /// Whether anything has passed.
    var isOpen: Bool { state.withLock(\.isOpen) }
}
