import Foundation
import Testing

@testable import orchestrator

@Suite("Times and days of `costs`")
struct CostsTests {
    @Test("Times in the past are days, lengths, or today; nothing else")
    func pastTime() throws {
        #expect(PastTime("today") == .today)
        #expect(PastTime("2026-11-01") == .day(year: 2026, month: 11, day: 1))
        #expect(PastTime("7d") == .ago(seconds: 604_800) && PastTime("12h") == .ago(seconds: 43_200))
        #expect(PastTime("4w") == .ago(seconds: 2_419_200))
        for wrong in ["", "7", "d", "2026-13-01", "2026-1-1", "yesterday", "-7d", "999999d"] {
            #expect(PastTime(wrong) == nil, "\(wrong)")
        }
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        #expect(try #require(PastTime("12h")).date(now: now) == now - 43_200)
        let day = try #require(PastTime("2026-11-01")).date(now: now)
        #expect(LocalTime.text(of: day) == "2026-11-01 00:00" && LocalDay.start(of: day) == day)
    }

    @Test("A day goes from midnight to midnight, whatever its length, and the next one begins where it ends")
    func days() {
        var moment = Date(timeIntervalSince1970: 1_790_000_000)
        for _ in 0..<400 {
            let day = LocalDay.around(moment)
            #expect(day.contains(moment))
            #expect(LocalTime.text(of: day.upperBound).hasSuffix(" 00:00"))
            #expect(LocalTime.day(day.lowerBound) != LocalTime.day(day.upperBound))
            #expect([23, 24, 25].contains((day.upperBound.timeIntervalSince(day.lowerBound) / 3600).rounded()))
            moment = day.upperBound
        }
    }
}
