import ArgumentParser
import Foundation

/// A moment in the past as people write it: `today`, a local day as `2026-11-01`, or so long ago as `12h`, `7d`, `4w`.
enum PastTime: Equatable, Sendable {
    /// The beginning of the present day.
    case today
    /// The beginning of a day.
    case day(year: Int, month: Int, day: Int)
    /// So many seconds ago.
    case ago(seconds: Int)

    /// Nil if it is none of that.
    init?(_ text: String) {
        if text == "today" {
            self = .today
        } else if let match = text.wholeMatch(of: /(\d{4})-(\d{2})-(\d{2})/), let year = Int(match.1),
            let month = Int(match.2), let day = Int(match.3), (1...12).contains(month), (1...31).contains(day)
        {
            self = .day(year: year, month: month, day: day)
        } else if let match = text.wholeMatch(of: /(\d{1,5})([hdw])/), let number = Int(match.1) {
            self = .ago(seconds: number * (["h": 3600, "d": 86_400, "w": 604_800][match.2] ?? 0))
        } else {
            return nil
        }
    }

    /// The moment, seen from now.
    func date(now: Date) -> Date {
        switch self {
        case .today: LocalDay.start(of: now)
        case .day(let year, let month, let day): LocalDay.start(year: year, month: month, day: day)
        case .ago(let seconds): now.addingTimeInterval(-Double(seconds))
        }
    }
}

extension PastTime: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }
}
