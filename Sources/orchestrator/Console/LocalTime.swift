import Foundation
import Glibc

/// Times and lengths of time as a person reads them in a list.
enum LocalTime {
    /// The day and the time by local time: `2026-11-29 20:21`.
    static func text(of date: Date) -> String {
        let parts = unsafe parts(of: date)
        return unsafe day(date) + " " + [parts.tm_hour, parts.tm_min].map(twoDigits).joined(separator: ":")
    }

    /// The day by local time: `2026-11-29`.
    static func day(_ date: Date) -> String {
        let parts = unsafe parts(of: date)
        return unsafe [parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday].map(twoDigits).joined(separator: "-")
    }

    /// By the C library, since Foundation's formats load 10 MB of ICU's data.
    private static func parts(of date: Date) -> tm {
        var seconds = time_t(date.timeIntervalSince1970)
        var parts = unsafe tm()
        unsafe localtime_r(&seconds, &parts)
        return unsafe parts
    }

    private static func twoDigits(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// A length of time in its two largest units: `45s`, `3m20s`, `2h5m`, `3d4h`.
    static func length(seconds: Int) -> String {
        let units = [
            (seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s"),
        ]
        let shown = units.drop { $0.0 == 0 }.prefix(2).filter { $0.0 > 0 }
        return shown.isEmpty ? "0s" : shown.map { "\($0.0)\($0.1)" }.joined()
    }
}
