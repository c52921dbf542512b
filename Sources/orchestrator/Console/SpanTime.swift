/// Lengths of time of spans as a person reads them: three digits, and the unit that fits.
enum SpanTime {
    /// `850 ns`, `12.3 µs`, `520 ms`, `1.32 s`, `2m 3s`, `1h 2m`.
    static func text(nanoseconds: UInt64) -> String {
        switch nanoseconds {
        case ..<1_000: "\(nanoseconds) ns"
        case ..<999_500: threeDigits(Double(nanoseconds) / 1e3) + " µs"
        case ..<999_500_000: threeDigits(Double(nanoseconds) / 1e6) + " ms"
        case ..<99_950_000_000: threeDigits(Double(nanoseconds) / 1e9) + " s"
        default: long(seconds: Int((Double(nanoseconds) / 1e9).rounded()))
        }
    }

    private static func threeDigits(_ number: Double) -> String {
        number < 99.95 ? Console.decimal(number, places: number < 9.995 ? 2 : 1) : "\(Int(number.rounded()))"
    }

    private static func long(seconds: Int) -> String {
        seconds < 3600 ? "\(seconds / 60)m \(seconds % 60)s" : "\(seconds / 3600)h \(seconds / 60 % 60)m"
    }
}
