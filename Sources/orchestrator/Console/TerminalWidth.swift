import Glibc

/// How wide the page is that a person reads.
enum TerminalWidth {
    /// Where nobody says it.
    static let standard = 100

    /// The columns of the terminal on standard output; COLUMNS where there is none, 100 without both; from 40 to 400.
    static func columns(environment: [String: String]) -> Int {
        let told = ofTerminal ?? environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        return min(max(told ?? standard, 40), 400)
    }

    private static var ofTerminal: Int? {
        var size = winsize()
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}
