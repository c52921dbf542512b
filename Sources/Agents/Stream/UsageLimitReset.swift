import FoundationEssentials

/// Finds out when an account's usage limit resets, from what the agent's records and words tell.
enum UsageLimitReset {
    /// The moment of a number that counts seconds (or milliseconds) since 1970, or nil if that makes no sense.
    static func date(epoch: Double?) -> Date? {
        guard let epoch, epoch > 1e9, epoch < 1e14 else { return nil }
        return Date(timeIntervalSince1970: epoch > 1e11 ? epoch / 1000 : epoch)
    }

    /// The moment that a sentence names: `…|1795992057`, `… · resets 10:40pm (UTC)`, `… resets Dec 2, 3pm (Europe/Paris)`.
    ///
    /// - Parameters:
    ///   - sentence: The agent's words about the limit.
    ///   - reference: When it said them; the moment named is the next one after that.
    /// - Returns: The moment, or nil if the sentence names none, or one in a time zone that this machine does not know.
    static func date(in sentence: String, after reference: Date?) -> Date? {
        let sentence = sentence.prefix(500)
        if let number = sentence.firstMatch(of: /\|\s*(\d{10,13})\b/)?.output.1 {
            return date(epoch: Double(number))
        }
        let form =
            #/
            resets\ (?:at\ )?
            (?: ([A-Z][a-z]{2})\ (\d{1,2}) (?:,\ (\d{4}))? (?:,|\ at)\  )?
            (\d{1,2}) (?: :(\d{2}) )? \ ?([ap])m
            (?: \ \(([^)]+)\) )?
            /#
        guard let reference, let found = sentence.firstMatch(of: form)?.output, let hour = Int(found.4), hour <= 12,
            let zone = zone(found.7)
        else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        var moment = DateComponents()
        moment.hour = hour % 12 + (found.6 == "p" ? 12 : 0)
        moment.minute = found.5.flatMap { Int($0) } ?? 0
        moment.second = 0
        if let name = found.1 {
            guard let month = months.firstIndex(of: String(name)) else { return nil }
            moment.month = month + 1
            moment.day = found.2.flatMap { Int($0) }
            moment.year = found.3.flatMap { Int($0) }
        }
        return next(moment, in: calendar, after: reference)
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// The zone of a name, UTC where none is given; nil if this machine does not know it.
    private static func zone(_ name: Substring?) -> TimeZone? {
        guard let name, name != "UTC", name != "Etc/UTC" else { return .gmt }
        return TimeZone(identifier: String(name))
    }

    /// The first moment after the reference that has these components; those of the date may be missing.
    private static func next(_ moment: DateComponents, in calendar: Calendar, after reference: Date) -> Date? {
        var full = calendar.dateComponents([.year, .month, .day], from: reference)
        full.hour = moment.hour
        full.minute = moment.minute
        full.second = moment.second
        full.year = moment.year ?? full.year
        full.month = moment.month ?? full.month
        full.day = moment.day ?? full.day
        guard let date = calendar.date(from: full), date <= reference, moment.year == nil else {
            return calendar.date(from: full)
        }
        return calendar.date(byAdding: moment.month == nil ? .day : .year, value: 1, to: date)
    }
}

extension RateLimit {
    /// The `rate_limit_info` object of a record, or nil if there is none.
    init?(_ value: JSONValue?) {
        guard let value, let word = value["status"]?.string else { return nil }
        let status: Status
        switch word {
        case "rejected": status = .rejected
        case "allowed": status = .allowed
        default: status = .warning
        }
        self.init(
            status: status,
            resetsAt: UsageLimitReset.date(epoch: value["resetsAt"]?.double),
            kind: value["rateLimitType"]?.string
        )
    }
}
