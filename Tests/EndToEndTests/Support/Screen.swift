import Foundation
import Testing

/// A terminal of its own (tmux, from Debian) in which a program runs, and whose screen can be looked at.
final class Screen: Sendable {
    private let place: Place
    /// Ends with this value, and what runs in it is hung up.
    private let server: Program

    /// Starts a command of the program there.
    init(
        _ place: Place,
        _ arguments: [String],
        environment: [String: String],
        columns: Int,
        rows: Int
    ) async throws {
        self.place = place
        server = try Self.tmux(["-D"], in: place)
        _ = try await eventually("tmux", every: Self.pause) {
            FileManager.default.fileExists(atPath: Self.socket(of: place)) ? true : nil
        }
        let variables = environment.map { "export \($0.key)=\(Self.quoted($0.value))" }
        let command = ([try Equipment.orchestrator] + arguments).map(Self.quoted).joined(separator: " ")
        // The shell lives on, as a person's does: a terminal without any program has no cursor.
        let lines = variables + ["trap : INT", command, #"echo "exit $?""#, "while :; do read -r line; done", ""]
        let script = try place.write(lines.joined(separator: "\n"), to: "screen.sh")
        try await tmux("new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "sh", script)
    }

    private static func socket(of place: Place) -> String { place.directory + "/tmux" }

    /// The lines of the screen, without those at its end that are empty; times are `0s`, times of day `00:00:00`.
    func lines() async throws -> [String] { try await capture([]) }

    /// The same with all that has scrolled away.
    func history() async throws -> [String] { try await capture(["-S", "-"]) }

    private func capture(_ more: [String]) async throws -> [String] {
        var lines = try await tmux(["capture-pane", "-p"] + more).split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { line in
            String(line).replacing(#/\d\d:\d\d:\d\d/#, with: "00:00:00").replacing(
                #/\b(\d+m)?\d+(\.\d)?s\b/#,
                with: "0s"
            )
        }
    }

    /// What tmux says of the terminal: such as `cursor_flag`.
    func value(_ name: String) async throws -> String {
        try await tmux("display-message", "-p", "#{\(name)}").trimmingCharacters(in: .newlines)
    }

    /// Changes its size, as a person does who draws at the window.
    func resize(columns: Int, rows: Int) async throws {
        try await tmux("resize-window", "-x", "\(columns)", "-y", "\(rows)")
    }

    /// Presses keys, in tmux's words.
    func press(_ keys: String...) async throws { try await tmux(["send-keys"] + keys) }

    /// Waits until the screen is as it should be; what it is instead is told.
    func isEventually(_ expected: [String], _ location: SourceLocation = #_sourceLocation) async throws {
        var last: [String] = []
        do {
            _ = try await eventually("the screen", within: .seconds(30), every: Self.pause) {
                last = try await lines()
                return last == expected ? true : nil
            }
        } catch is Program.TooLate {
            Issue.record("The screen is\n\(last.joined(separator: "\n"))", sourceLocation: location)
        }
    }

    /// Waits until a line has this in it, and returns all lines.
    func shows(_ text: String) async throws -> [String] {
        try await eventually(text, every: Self.pause) {
            let lines = try await lines()
            return lines.contains { $0.contains(text) } ? lines : nil
        }
    }

    /// Waits until the program has ended, and returns its exit code.
    func end() async throws -> Int {
        try await eventually("the program's end", every: Self.pause) {
            try await lines().compactMap { $0.wholeMatch(of: #/exit (\d+)/#).flatMap { Int($0.1) } }.last
        }
    }

    /// Each look starts a process.
    static let pause = Duration.milliseconds(150)

    @discardableResult
    private func tmux(_ arguments: String...) async throws -> String { try await tmux(arguments) }

    @discardableResult
    private func tmux(_ arguments: [String]) async throws -> String {
        let end = try await Self.tmux(arguments, in: place).end()
        try #require(end.code == 0, "tmux \(arguments): \(end.errors)")
        return end.output
    }

    private static func tmux(_ arguments: [String], in place: Place) throws -> Program {
        // Test runners block signals, which children inherit; a person's terminal does not.
        let start =
            "import os, signal, sys; signal.pthread_sigmask(signal.SIG_SETMASK, []); os.execvp('tmux', sys.argv[1:])"
        return try Program(
            Equipment.python,
            ["-c", start, "tmux", "-u", "-f", "/dev/null", "-S", socket(of: place)] + arguments,
            environment: ["PATH": Equipment.base["PATH"] ?? "", "LC_ALL": "C.UTF-8", "TERM": "xterm-256color"],
            directory: place.directory,
            files: place.directory
        )
    }

    private static func quoted(_ word: String) -> String { "'" + word.replacing("'", with: "'\\''") + "'" }
}
