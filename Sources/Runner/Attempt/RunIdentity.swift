package import FoundationEssentials
package import Journal

/// The names of one run, of its attempt and of the agent's session, made once at the start.
package struct RunIdentity: Sendable, Equatable {
    /// The run's id, which sorts by time: `20261122-181200-1a2b3c`.
    package var runID: String
    /// Which attempt of its run this is, from 1.
    package var attemptNumber: Int
    /// The agent's session: a UUID in small letters.
    package var sessionID: String
    /// When the run began.
    package var startedAt: Date

    /// The attempt's id, with which its processes are marked.
    package var attemptID: String { "\(runID).\(attemptNumber)" }

    /// Names a run that begins now.
    package init(startedAt: Date = Date(), random: inout some RandomNumberGenerator) {
        let seconds = Int(startedAt.timeIntervalSince1970)
        let stamp = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
        let digits = stamp.filter { $0.isNumber || $0 == "T" }.replacing("T", with: "-")
        let suffix = String(random.next() & 0xFF_FFFF | 0x100_0000, radix: 16).dropFirst()
        runID = "\(digits)-\(suffix)"
        attemptNumber = 1
        sessionID = Self.uuid(high: random.next(), low: random.next())
        self.startedAt = startedAt
    }

    /// Names the attempt that goes on with an earlier one: the next of the same run, in the same session.
    package init(continuing previous: AttemptRecord, number: Int, startedAt: Date = Date(), sessionID: String) {
        runID = previous.runID
        attemptNumber = number
        self.sessionID = sessionID
        self.startedAt = startedAt
    }

    /// A version 4 UUID (RFC 9562, section 5.4) of 122 random bits.
    private static func uuid(high: UInt64, low: UInt64) -> String {
        let high = high & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        var digits = [high, low].map { word in
            let text = String(word, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        .joined()
        for offset in [20, 16, 12, 8] { digits.insert("-", at: digits.index(digits.startIndex, offsetBy: offset)) }
        return digits
    }
}
