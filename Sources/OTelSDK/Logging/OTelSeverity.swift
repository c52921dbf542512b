/// How severe a log record is: 1 to 24, four steps to each name (specification/logs/data-model.md, SeverityNumber).
public struct OTelSeverity: RawRepresentable, Sendable, Hashable, Comparable {
    /// The number.
    public let rawValue: Int

    /// Nil for a number that is not from 1 to 24.
    public init?(rawValue: Int) {
        guard (1...24).contains(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    private init(_ number: Int) {
        rawValue = number
    }

    /// 1: the finest detail.
    public static let trace = OTelSeverity(1)
    /// 5: for debugging.
    public static let debug = OTelSeverity(5)
    /// 9: an event that is as it should be.
    public static let info = OTelSeverity(9)
    /// 10: an event worth more notice than others; swift-log's `notice`.
    public static let info2 = OTelSeverity(10)
    /// 13: not an error, but more important than an event.
    public static let warn = OTelSeverity(13)
    /// 17: something went wrong.
    public static let error = OTelSeverity(17)
    /// 21: the application cannot go on; swift-log's `critical`.
    public static let fatal = OTelSeverity(21)

    /// By the number.
    public static func < (left: OTelSeverity, right: OTelSeverity) -> Bool { left.rawValue < right.rawValue }
}
