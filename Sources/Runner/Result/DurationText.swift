extension Duration {
    /// Seconds with their fraction.
    package var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }

    /// Whole milliseconds, rounded down.
    package var inMilliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }

    /// The duration in the form in which options take it, such as `45s`, `10m` or `1h30m`.
    package var inWords: String {
        let total = Int(components.seconds)
        guard total > 0 else { return "\(inMilliseconds)ms" }
        let parts = [(total / 3600, "h"), (total / 60 % 60, "m"), (total % 60, "s")]
        return parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined()
    }
}

extension Double {
    /// An amount of money with two digits after the point, more where it is less than a cent: `0.50`, `0.0005`.
    package var asMoney: String {
        let places = self > 0 && self < 0.01 ? 4 : 2
        let scale = places == 4 ? 10_000.0 : 100.0
        let units = Int((min(max(self, 0), 1e12) * scale).rounded())
        let fraction = String(units % Int(scale))
        return "\(units / Int(scale))." + String(repeating: "0", count: places - fraction.count) + fraction
    }
}
