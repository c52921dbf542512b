import Foundation
import Glibc

/// The calendar day by the machine's local time.
enum LocalDay {
    /// When the day of a moment began.
    ///
    /// By the C library, since Foundation's calendars load 10 MB of ICU's data.
    static func start(of date: Date) -> Date {
        var seconds = time_t(date.timeIntervalSince1970)
        var parts = unsafe tm()
        unsafe localtime_r(&seconds, &parts)
        unsafe parts.tm_hour = 0
        unsafe parts.tm_min = 0
        unsafe parts.tm_sec = 0
        unsafe parts.tm_isdst = -1
        return Date(timeIntervalSince1970: TimeInterval(unsafe mktime(&parts)))
    }

    /// When a day of the calendar began.
    static func start(year: Int, month: Int, day: Int) -> Date {
        var parts = unsafe tm()
        unsafe parts.tm_year = Int32(clamping: year - 1900)
        unsafe parts.tm_mon = Int32(clamping: month - 1)
        unsafe parts.tm_mday = Int32(clamping: day)
        unsafe parts.tm_isdst = -1
        return Date(timeIntervalSince1970: TimeInterval(unsafe mktime(&parts)))
    }

    /// The whole day of a moment; some have 23 hours or 25.
    @Sendable
    static func around(_ date: Date) -> Range<Date> {
        let start = start(of: date)
        return start..<Swift.max(self.start(of: start.addingTimeInterval(36 * 3600)), date.addingTimeInterval(1))
    }
}
