/// The value of `grpc-timeout`: at most eight digits and a unit.
///
/// Specification: grpc `doc/PROTOCOL-HTTP2.md`, "Timeout".
enum GRPCTimeout {
    private static let nanosecondsPerUnit: [(unit: Character, nanoseconds: Int64)] = [
        ("n", 1), ("u", 1_000), ("m", 1_000_000), ("S", 1_000_000_000), ("M", 60_000_000_000),
        ("H", 3_600_000_000_000),
    ]
    private static let largestValue: Int64 = 99_999_999

    /// In the finest unit that has room, rounded up; at least 1 ns (zero is not allowed), at most 99,999,999 hours.
    static func encode(_ timeout: Duration) -> String {
        let (seconds, attoseconds) = timeout.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        // Past 292 years of nanoseconds everything is the largest value that there is.
        guard !overflow, whole < Int64.max - 1_000_000_000 else {
            return seconds < 0 ? "1n" : "\(largestValue)H"
        }
        let nanoseconds = max(1, whole + (attoseconds + 999_999_999) / 1_000_000_000)
        for (unit, size) in nanosecondsPerUnit {
            let value = nanoseconds / size + (nanoseconds % size == 0 ? 0 : 1)
            if value <= largestValue { return "\(value)\(unit)" }
        }
        return "\(largestValue)H"
    }

    /// `nil` if the text is no timeout.
    static func decode(_ text: String) -> Duration? {
        let digits = text.dropLast()
        guard (1...8).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let value = Int64(digits), let last = text.last,
            let unit = nanosecondsPerUnit.first(where: { $0.unit == last })
        else { return nil }
        return .nanoseconds(unit.nanoseconds) * Int(value)
    }
}
