import Testing

@testable import orchestrator

@Suite("Text for people")
struct ConsoleTests {
    @Test("No escape sequence of others reaches the terminal")
    func harmless() {
        let hostile = "a\u{1B}[2Jb\u{7}\u{9B}31m\u{202E}c\r\n\td\u{0}\u{7F}"
        let text = TerminalText.harmless(hostile)
        #expect(text == "a\u{241B}[2Jb\u{2407}\u{FFFD}31m\u{FFFD}c\n\td\u{2400}\u{2421}")
        #expect(TerminalText.harmless("grün ✅ 日本 👩‍👩‍👧") == "grün ✅ 日本 👩‍👩‍👧")
    }

    @Test(
        "Numbers are rounded to the places that are shown",
        arguments: [
            (3.2, 1, "3.2"), (0.018, 2, "0.02"), (0, 2, "0.00"), (12.345, 1, "12.3"), (0.999, 2, "1.00"),
            (9.05, 2, "9.05"),
        ]
    )
    func decimal(number: Double, places: Int, expected: String) {
        #expect(Console.decimal(number, places: places) == expected)
    }
}
