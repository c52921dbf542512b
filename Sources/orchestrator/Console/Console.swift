import Foundation
import Glibc

/// Where a person reads: standard output for results, standard error for complaints.
///
/// Text of others (plans, agents, tools) is made harmless before it reaches the terminal, and secrets in anything that is
/// printed are replaced.
struct Console: Sendable {
    /// How much a person is told.
    enum Detail: Sendable {
        /// The outcome, in a line.
        case quiet
        /// What a person wants to know while it happens.
        case normal
        /// Every tool call and the agent's words besides.
        case verbose
    }

    /// How much a person is told.
    let detail: Detail
    /// What makes text fit to be shown.
    let mask: SecretMask
    /// Whether what happens is shown in a part of the screen that is redrawn: a person looks at a terminal that can do it.
    let isLive: Bool
    /// Whether colours are used.
    let isColoured: Bool
    /// Whether standard output is left to a program: then text for a person is not printed.
    let isForProgram: Bool

    /// Whether nothing is printed on standard output but what was asked for.
    private var isSilent: Bool { isForProgram || detail == .quiet }

    /// - Parameters:
    ///   - environment: Says what the terminal can do, and which values are secret.
    ///   - isForProgram: Whether standard output is left to a program.
    ///   - detail: How much a person is told.
    ///   - secrets: Values that are secret for other reasons.
    init(
        environment: [String: String],
        isForProgram: Bool = false,
        detail: Detail = .normal,
        secrets: [String] = []
    ) {
        let terminal = environment["TERM"] ?? ""
        let isPlain = environment["NO_COLOR"]?.isEmpty == false || terminal.isEmpty || terminal == "dumb"
        isColoured = !isPlain && isatty(STDOUT_FILENO) == 1
        isLive = isColoured && !Self.isAutomatic(environment) && !isForProgram && detail != .quiet
        self.isForProgram = isForProgram
        self.detail = detail
        mask = SecretMask(environment: environment, others: secrets)
    }

    /// Whether nobody sits at the terminal, if there is one.
    static func isAutomatic(_ environment: [String: String]) -> Bool {
        environment["CI"].map { !$0.isEmpty && $0 != "false" } ?? false
    }

    /// Prints a line for a person.
    func print(line: String) {
        guard !isSilent else { return }
        Self.write(mask.text(line) + "\n", to: STDOUT_FILENO)
    }

    /// Prints what must be said on every run: on standard error where standard output is not for it.
    func print(warning: String) {
        Self.write(mask.text(warning) + "\n", to: isSilent ? STDERR_FILENO : STDOUT_FILENO)
    }

    /// Prints the beginning of a line in which a person is to answer.
    func print(prompt: String) {
        Self.write(Self.indent + mask.text(prompt), to: STDOUT_FILENO)
    }

    /// Prints a line that begins with the time of day; an outcome also where only that is wanted.
    func print(
        at date: Date,
        _ text: String,
        word: String = "",
        style: TextStyle = .plain,
        rest: String = "",
        isOutcome: Bool = false
    ) {
        guard !isSilent || isOutcome && !isForProgram else { return }
        let painted = isColoured ? style.paint(word) : word
        let line = "[\(Self.timeOfDay(of: date))] \(mask.text(text))\(painted)\(mask.text(rest))\n"
        Self.write(line, to: STDOUT_FILENO)
    }

    /// Prints one JSON object, and nothing else, on standard output.
    ///
    /// What has only our own words is not masked: a member named `credential` would count as a secret.
    func printJSON(_ value: some Encodable, isOurs: Bool = false) throws {
        let json = try Self.jsonLine(value)
        Self.write(isOurs ? json : mask.json(json), to: STDOUT_FILENO)
    }

    /// One JSON object in a line, harmless for a terminal; secrets are still in it.
    static func jsonLine(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return TerminalText.escapedJSON(String(decoding: try encoder.encode(value), as: UTF8.self)) + "\n"
    }

    /// Prints on standard error, in one line, what is wrong and the way out.
    static func complain(_ message: String, remedy: String? = nil) {
        let way = remedy.map { " Way out: " + $0 } ?? ""
        write("orchestrator: " + ownMask.text(message + way) + "\n", to: STDERR_FILENO)
    }

    /// Made of the environment of the process: what fails may fail before anything else is known.
    private static let ownMask = SecretMask(environment: ProcessInfo.processInfo.environment)

    /// Hours, minutes and seconds of local time.
    ///
    /// By the C library, since Foundation's formats load 10 MB of ICU's data.
    static func timeOfDay(of date: Date) -> String {
        var seconds = time_t(date.timeIntervalSince1970)
        var parts = unsafe tm()
        unsafe localtime_r(&seconds, &parts)
        let numbers = unsafe [parts.tm_hour, parts.tm_min, parts.tm_sec]
        return numbers.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }

    /// Writes text that is fit to be shown; while a part of the screen is redrawn, above that part.
    private static func write(_ text: String, to descriptor: Int32) {
        if LiveScreen.current?.takes(text, for: descriptor) != true { writeAll(text, to: descriptor) }
    }

    /// Writes all of it; a reader that is gone is no reason to end.
    static func writeAll(_ text: String, to descriptor: Int32) {
        var rest = ArraySlice(text.utf8)
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { return }
            rest = rest.dropFirst(max(count, 0))
        }
    }
}
