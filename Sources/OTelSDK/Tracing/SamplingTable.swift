/// A sampler worked out: what the 56 random bits of a trace id must stay below, for each kind of parent.
struct SamplingTable: Sendable {
    private let root: UInt64
    private let remoteSampled: UInt64
    private let remoteNotSampled: UInt64
    private let localSampled: UInt64
    private let localNotSampled: UInt64

    init(_ sampler: Sampler) {
        root = sampler.threshold(parentIsSampled: nil, parentIsRemote: false)
        remoteSampled = sampler.threshold(parentIsSampled: true, parentIsRemote: true)
        remoteNotSampled = sampler.threshold(parentIsSampled: false, parentIsRemote: true)
        localSampled = sampler.threshold(parentIsSampled: true, parentIsRemote: false)
        localNotSampled = sampler.threshold(parentIsSampled: false, parentIsRemote: false)
    }

    func samples(randomness: UInt64, parent: OTelSpanContext?) -> Bool {
        randomness & Sampler.randomBits < threshold(parent)
    }

    private func threshold(_ parent: OTelSpanContext?) -> UInt64 {
        guard let parent else { return root }
        if parent.isRemote { return parent.isSampled ? remoteSampled : remoteNotSampled }
        return parent.isSampled ? localSampled : localNotSampled
    }
}
