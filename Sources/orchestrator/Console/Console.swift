import Foundation
import Glibc

/// Where a person reads: standard output for results, standard error for complaints.
///
/// Text of others (plans, agents, tools) is made harmless before it reaches the terminal.
struct Console: Sendable {
    /// Whether colours are used: on a terminal, unless NO_COLOR or TERM=dumb says otherwise.
    private let isColoured: Bool
    /// Whether standard output is left to a program: then text for a person is not printed.
    private let isQuiet: Bool

    init(environment: [String: String] = [:], isQuiet: Bool = false) {
        let isPlain = environment["NO_COLOR"]?.isEmpty == false || environment["TERM"] == "dumb"
        isColoured = !isPlain && isatty(STDOUT_FILENO) == 1
        self.isQuiet = isQuiet
    }

    /// The colours of the milestone document: green, red and yellow, all bold.
    enum Colour: String {
        case green = "1;32"
        case red = "1;31"
        case yellow = "1;33"
    }

    /// Prints a line for a person, made harmless.
    func print(line: String) {
        guard !isQuiet else { return }
        Self.write(TerminalText.harmless(line) + "\n", to: STDOUT_FILENO)
    }

    /// Prints what must be said on every run: on standard error where standard output is left to a program.
    func print(warning: String) {
        Self.write(TerminalText.harmless(warning) + "\n", to: isQuiet ? STDERR_FILENO : STDOUT_FILENO)
    }

    /// Prints a line that begins with the time of day.
    func print(at date: Date, _ text: String, word: String = "", colour: Colour = .green, rest: String = "") {
        guard !isQuiet else { return }
        let clock = Self.timeOfDay(of: date)
        let painted = isColoured && !word.isEmpty ? "\u{1B}[\(colour.rawValue)m\(word)\u{1B}[0m" : word
        let line = "[\(clock)] \(TerminalText.harmless(text))\(painted)\(TerminalText.harmless(rest))\n"
        Self.write(line, to: STDOUT_FILENO)
    }

    /// Prints one JSON object, and nothing else, on standard output.
    func printJSON(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = String(decoding: try encoder.encode(value), as: UTF8.self)
        Self.write(TerminalText.escapedJSON(json) + "\n", to: STDOUT_FILENO)
    }

    /// Prints on standard error, in one line, what is wrong and the way out.
    static func complain(_ message: String, remedy: String? = nil) {
        let way = remedy.map { " Way out: " + $0 } ?? ""
        write("orchestrator: " + TerminalText.harmless(message + way) + "\n", to: STDERR_FILENO)
    }

    /// Hours, minutes and seconds of local time.
    ///
    /// By the C library, since Foundation's formats load 10 MB of ICU's data.
    private static func timeOfDay(of date: Date) -> String {
        var seconds = time_t(date.timeIntervalSince1970)
        var parts = unsafe tm()
        unsafe localtime_r(&seconds, &parts)
        let numbers = unsafe [parts.tm_hour, parts.tm_min, parts.tm_sec]
        return numbers.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }

    /// Writes all of it; a reader that is gone is no reason to end.
    private static func write(_ text: String, to descriptor: Int32) {
        var rest = ArraySlice(text.utf8)
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { return }
            rest = rest.dropFirst(max(count, 0))
        }
    }
}
