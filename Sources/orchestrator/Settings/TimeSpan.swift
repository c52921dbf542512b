import ArgumentParser

/// A length of time as people write it: `90` and `90s` are seconds, `10m`, `1h30m`, `250ms`.
struct TimeSpan: Equatable, Sendable {
    /// The length; more than zero.
    var duration: Duration

    /// Reads one or more numbers with units `ms`, `s`, `m`, `h`.
    ///
    /// A bare number is seconds. Nil if it is none of that, or zero.
    init?(_ text: String) {
        var rest = text.trimmingPrefix { $0 == " " }
        var total = Duration.zero
        if let seconds = Double(rest) {
            guard seconds.isFinite, seconds > 0, seconds < 1e9 else { return nil }
            duration = .seconds(seconds)
            return
        }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            let seconds: [Substring: Double] = ["ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600]
            guard let number = Double(digits), let factor = seconds[unit], number * factor < 1e9 else { return nil }
            total += .seconds(number * factor)
        }
        guard total > .zero else { return nil }
        duration = total
    }
}

extension TimeSpan: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }
}
