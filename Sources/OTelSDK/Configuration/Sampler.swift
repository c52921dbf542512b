/// Decides at a span's start whether it is recorded and sent (OTEL_TRACES_SAMPLER).
public indirect enum Sampler: Sendable, Equatable {
    /// Every span.
    case alwaysOn
    /// No span; ids are still made and handed on.
    case alwaysOff
    /// The share of traces given, 0 to 1, decided by the trace id, so that all services agree.
    case traceIDRatio(Double)
    /// What the parent decided; the given sampler where there is no parent.
    case parentBased(root: Sampler)

    /// Whether a span is recorded.
    ///
    /// `randomness` is the last eight bytes of the trace id, of which 56 bits are random (W3C Trace Context Level 2);
    /// `parentIsSampled` is nil where there is no parent.
    func samples(randomness: UInt64, parentIsSampled: Bool?) -> Bool {
        switch self {
        case .alwaysOn: true
        case .alwaysOff: false
        case .traceIDRatio(let ratio): Self.isBelow(ratio, randomness: randomness)
        case .parentBased(let root): parentIsSampled ?? root.samples(randomness: randomness, parentIsSampled: nil)
        }
    }

    private static func isBelow(_ ratio: Double, randomness: UInt64) -> Bool {
        // Compared as whole numbers: a Double has too few digits to tell the largest ids from the end of the range.
        let threshold = UInt64((min(max(ratio, 0), 1) * 0x1p56).rounded())
        return randomness & (1 << 56 - 1) < threshold
    }
}
