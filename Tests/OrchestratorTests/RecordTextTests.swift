import Foundation
import Testing

@testable import orchestrator

@Suite("Times in lists")
struct LocalTimeTests {
    @Test(
        "A length of time is told in its two largest units",
        arguments: [
            (0, "0s"), (45, "45s"), (60, "1m"), (200, "3m20s"), (3600, "1h"), (7500, "2h5m"), (7559, "2h5m"),
            (86_400, "1d"), (86_400 * 3 + 4 * 3600 + 59, "3d4h"), (3601, "1h"),
        ]
    )
    func length(seconds: Int, text: String) {
        #expect(LocalTime.length(seconds: seconds) == text)
    }

    @Test("A moment has its day and its minute, in digits")
    func moment() throws {
        let text = LocalTime.text(of: Date(timeIntervalSince1970: 1_700_000_000))
        #expect(try #/2023-11-1[345] \d\d:\d\d/#.wholeMatch(in: text) != nil, "\(text)")
    }
}
