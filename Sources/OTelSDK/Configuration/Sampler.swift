/// Decides at a span's start whether it is recorded and sent (OTEL_TRACES_SAMPLER; specification/trace/sdk.md, Sampling).
public indirect enum Sampler: Sendable, Equatable {
    /// Every span.
    case alwaysOn
    /// No span; ids are still made and handed on.
    case alwaysOff
    /// The share of traces given, 0 to 1, decided by the trace id, so that all services agree.
    case traceIDRatio(Double)
    /// The sampler that is given for the parent's decision and place; by default what the parent decided.
    case parentBased(
        root: Sampler,
        remoteParentSampled: Sampler = .alwaysOn,
        remoteParentNotSampled: Sampler = .alwaysOff,
        localParentSampled: Sampler = .alwaysOn,
        localParentNotSampled: Sampler = .alwaysOff
    )

    /// Whether a span is recorded.
    ///
    /// `randomness` is the last eight bytes of the trace id, of which 56 bits are random (W3C Trace Context Level 2);
    /// `parentIsSampled` is nil where there is no parent.
    func samples(randomness: UInt64, parentIsSampled: Bool?, parentIsRemote: Bool = false) -> Bool {
        let threshold = threshold(parentIsSampled: parentIsSampled, parentIsRemote: parentIsRemote)
        return randomness & Self.randomBits < threshold
    }

    static let randomBits: UInt64 = 1 << 56 - 1

    /// What the random bits of a sampled trace's id are below; known as soon as the parent is.
    func threshold(parentIsSampled: Bool?, parentIsRemote: Bool) -> UInt64 {
        switch self {
        case .alwaysOn: return 1 << 56
        case .alwaysOff: return 0
        case .traceIDRatio(let ratio):
            // As a whole number: a Double has too few digits to tell the largest ids from the end of the range.
            return UInt64((Double.minimum(Double.maximum(ratio, 0), 1) * 0x1p56).rounded())
        case .parentBased(let root, let remoteSampled, let remoteNotSampled, let localSampled, let localNotSampled):
            let delegate =
                switch (parentIsSampled, parentIsRemote) {
                case (nil, _): root
                case (true?, true): remoteSampled
                case (false?, true): remoteNotSampled
                case (true?, false): localSampled
                case (false?, false): localNotSampled
                }
            return delegate.threshold(parentIsSampled: parentIsSampled, parentIsRemote: parentIsRemote)
        }
    }
}

extension Sampler: CustomStringConvertible {
    /// The name that the specification gives the sampler, with its settings.
    public var description: String {
        switch self {
        case .alwaysOn: "AlwaysOnSampler"
        case .alwaysOff: "AlwaysOffSampler"
        case .traceIDRatio(let ratio): "TraceIdRatioBased{\(ratio)}"
        case .parentBased(let root, let remoteSampled, let remoteNotSampled, let localSampled, let localNotSampled):
            "ParentBased{root=\(root),remoteParentSampled=\(remoteSampled),remoteParentNotSampled=\(remoteNotSampled),"
                + "localParentSampled=\(localSampled),localParentNotSampled=\(localNotSampled)}"
        }
    }
}
