import Glibc
import Testing

@testable import orchestrator

@Suite("Columns of a terminal")
struct DisplayWidthTests {
    @Test(
        "What a text takes",
        arguments: [
            ("", 0), ("abc", 3), ("grün", 4), ("gru\u{308}n", 4), ("日本語", 6), ("한국", 4),
            ("\u{1112}\u{1161}\u{11AB}", 2),
            ("✔ ✘ …", 5), ("✅", 2), ("👩‍👩‍👧‍👦", 2), ("👍🏽", 2), ("🇩🇪", 2), ("❤\u{FE0F}", 1), ("ｆｕｌｌ", 8), ("ﾊﾝｶｸ", 4),
            ("a\u{200B}b", 2), ("क्षि", 3), ("\u{1B}[2J", 3), ("Ελληνικά", 8),
        ]
    )
    func width(_ text: String, _ columns: Int) {
        #expect(text.displayWidth == columns)
    }

    @Test(
        "What is too wide is cut, never in the middle of a character",
        arguments: [
            ("hello", 5, "hello"), ("hello", 4, "hel…"), ("hello", 1, "…"), ("hello", 0, ""), ("", 0, ""),
            ("日本語", 6, "日本語"), ("日本語", 5, "日本…"), ("日本語", 4, "日…"), ("日本語", 2, "…"),
            ("👩‍👩‍👧x👩‍👩‍👧", 4, "👩‍👩‍👧x…"), ("e\u{301}e\u{301}", 1, "…"), ("e\u{301}e\u{301}", 2, "e\u{301}e\u{301}"),
            ("ab", -1, ""),
        ]
    )
    func cut(_ text: String, _ width: Int, _ expected: String) {
        #expect(text.cut(toDisplayWidth: width) == expected)
        #expect(expected.displayWidth <= max(width, 0))
    }

    @Test("The C library, by whose widths most terminals go, says the same of every letter, ideograph and emoji")
    func cLibrary() throws {
        let locale = unsafe try #require(unsafe newlocale(LC_CTYPE_MASK, "C.UTF-8", nil))
        // Swift's view of the C library lacks it.
        let symbol = unsafe try #require(unsafe dlsym(nil, "wcwidth"))
        let wcwidth = unsafe unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Int32).self)
        let before = unsafe uselocale(locale)
        defer { unsafe uselocale(before) }
        var compared = 0
        var different: [String] = []
        for value in UInt32(0x20)...0x2FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .otherLetter, .otherSymbol, .mathSymbol, .decimalNumber,
                .otherPunctuation, .dashPunctuation, .nonspacingMark:
                break
            default: continue
            }
            let expected = wcwidth(Int32(value))
            guard expected >= 0 else { continue }
            compared += 1
            if String(scalar).displayWidth != Int(expected) { different.append(String(value, radix: 16)) }
        }
        #expect(compared > 100_000)
        #expect(different.isEmpty, "\(different.prefix(40))")
    }
}
