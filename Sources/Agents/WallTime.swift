package import FoundationEssentials

/// A moment by the machine's clock, as telemetry counts it.
package struct WallTime: Sendable, Hashable, Comparable {
    /// Nanoseconds since 1970 (UTC).
    package var nanoseconds: UInt64

    package init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    package init(_ date: Date) {
        nanoseconds = UInt64(max(0, date.timeIntervalSince1970) * 1e9)
    }

    /// The moment as a date.
    package var date: Date { Date(timeIntervalSince1970: Double(nanoseconds) / 1e9) }

    /// This moment.
    package static var now: WallTime { WallTime(Date()) }

    package static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The moment that was so long before this one.
    package func before(_ duration: Duration) -> WallTime {
        let (seconds, attoseconds) = duration.components
        let earlier = UInt64(clamping: seconds) * 1_000_000_000 + UInt64(clamping: attoseconds / 1_000_000_000)
        return WallTime(nanoseconds: nanoseconds - min(nanoseconds, earlier))
    }

    /// The time from another moment to this one; never negative.
    package func since(_ other: WallTime) -> Duration {
        .nanoseconds(Int64(clamping: nanoseconds - min(nanoseconds, other.nanoseconds)))
    }
}

extension WallTime {
    /// The moment of ISO 8601 in UTC with milliseconds, as the agent writes it: `2026-11-22T15:45:00.082Z`; nil for any
    /// other spelling.
    init?(iso8601 text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 24, digits[10] == UInt8(ascii: "T"), digits[23] == UInt8(ascii: "Z") else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            range.reduce(0) { sum, place in
                guard let sum, (0x30...0x39).contains(digits[place]) else { return nil }
                return sum * 10 + Int(digits[place]) - 0x30
            }
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19), let millisecond = number(20..<23),
            year >= 1970, (1...12).contains(month)
        else { return nil }
        let days = Self.days(year: year, month: month, day: day)
        let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second
        nanoseconds = UInt64(max(0, seconds * 1000 + millisecond)) * 1_000_000
    }

    /// Days since 1970 in the Gregorian calendar, counted in years that begin in March.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }
}
