/// The few ways in which text is set off on a terminal, readable on light and on dark ones.
enum TextStyle: String, Sendable {
    case plain = ""
    case bold = "1"
    case faint = "2"
    /// The colours of the milestone document.
    case green = "1;32"
    case red = "1;31"
    case yellow = "1;33"
    /// What tells kinds apart, and does not matter more than the rest.
    case blue = "34"
    case magenta = "35"
    case cyan = "36"

    /// The text with the escape sequences for it (ECMA-48, 8.3.117).
    func paint(_ text: String) -> String {
        self == .plain || text.isEmpty ? text : "\u{1B}[\(rawValue)m\(text)\u{1B}[0m"
    }
}
