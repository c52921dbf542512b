import Testing

@testable import OTelSDK

#if canImport(Glibc)
import Glibc
#endif

/// Judged by logarithms of more digits than the code under test has, where the processor offers them.
#if arch(x86_64)
private typealias Judge = Float80
#else
private typealias Judge = Double
#endif

@Suite("Exponential buckets hold every value between their bounds, at the greatest scale that fits")
struct ExponentialBucketsTests {
    /// How many buckets above 1 the value is, with a fraction; it lies in the bucket of the next lower whole number.
    private func position(_ value: Double, _ scale: Int) -> Judge {
        let logarithm = Judge(value.exponent) + log2(Judge(value.significand))
        return scale >= 0 ? logarithm * Judge(1 << scale) : logarithm / Judge(1 << -scale)
    }

    /// Nil if the value is so near to a bound that the judge itself cannot tell.
    private func bucket(_ value: Double, _ scale: Int) -> Int? {
        let position = position(value, scale)
        if value.significand == 1, scale >= 0 { return Int(position) - 1 }
        guard value.significand == 1 || abs(position - position.rounded()) > 1e-8 else { return nil }
        return Int(position.rounded(.up)) - 1
    }

    private func counted(_ values: [Double]) -> ExponentialBuckets {
        var buckets = ExponentialBuckets()
        for value in values { buckets.count(value) }
        return buckets
    }

    /// Whether all values of one sign have their counts in their buckets, none is elsewhere, and no greater scale fits.
    private func check(_ buckets: ExponentialBuckets, _ values: [Double]) {
        var needed = ExponentialBuckets.maximumScale
        for (side, magnitudes) in [
            (buckets.positive, values.filter { $0 > 0 }), (buckets.negative, values.filter { $0 < 0 }.map(\.magnitude)),
        ] {
            var expected: [Int: UInt64] = [:]
            for value in magnitudes {
                let index = ExponentialBuckets.index(of: value, scale: buckets.scale)
                if let judged = bucket(value, buckets.scale) { #expect(index == judged) }
                expected[index, default: 0] += 1
            }
            var found: [Int: UInt64] = [:]
            for (place, count) in side.counts.enumerated() where count > 0 { found[side.offset + place] = count }
            #expect(found == expected)
            #expect(side.counts.count <= ExponentialBuckets.maximumSize)
            guard let low = magnitudes.min(), let high = magnitudes.max() else { continue }
            while ExponentialBuckets.index(of: high, scale: needed) - ExponentialBuckets.index(of: low, scale: needed)
                >= ExponentialBuckets.maximumSize
            { needed -= 1 }
        }
        #expect(buckets.scale == needed)
        #expect(buckets.zeroCount == UInt64(values.count { $0 == 0 }))
    }

    private func randomValues(_ count: Int, _ random: inout SeededGenerator) -> [Double] {
        let kind = Int.random(in: 0..<6, using: &random)
        let spread = Double.random(in: 0.001...1000, using: &random)
        return (0..<count).map { _ in
            switch kind {
            case 0: Double.random(in: 0...1, using: &random)
            case 1: exp(Double.random(in: -spread...spread, using: &random) / 2)
            case 2: -Double.random(in: 1...spread + 1, using: &random)
            case 3: Double.random(in: -1...1, using: &random) * 1e-300
            case 4: Double(bitPattern: UInt64.random(in: 0..<0x7FF0_0000_0000_0000, using: &random))
            default: Double(Int.random(in: -3...1000, using: &random))
            }
        }
    }

    @Test("Random values of every magnitude and sign", arguments: 0..<60)
    func randomValues(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let values = randomValues(Int.random(in: 1...300, using: &random), &random)
        check(counted(values), values)
    }

    @Test("Putting two together is the same as counting all at once", arguments: 0..<60)
    func merging(seed: UInt64) {
        var random = SeededGenerator(seed: seed &+ 1000)
        let first = randomValues(Int.random(in: 0...100, using: &random), &random)
        let second = randomValues(Int.random(in: 0...100, using: &random), &random)
        var merged = counted(first)
        merged.add(counted(second))
        #expect(merged == counted(first + second))
        check(merged, first + second)
    }

    @Test("A power of two belongs to the bucket that it ends, at every scale", arguments: -10...20)
    func powersOfTwo(scale: Int) {
        for exponent in -1074...1023 {
            let value = scalbn(1.0, Int32(exponent))
            let index = ExponentialBuckets.index(of: value, scale: scale)
            let expected = scale >= 0 ? exponent << scale - 1 : (exponent - 1) >> -scale
            #expect(index == expected)
            // The next greater double is in the next bucket.
            if exponent >= -1022 {
                let next = ExponentialBuckets.index(of: value.nextUp, scale: scale)
                #expect(next == (scale >= 0 ? index + 1 : exponent >> -scale))
            }
        }
    }

    @Test("The smallest and the largest double fit beside each other")
    func extremes() {
        let values = [Double.leastNonzeroMagnitude, .greatestFiniteMagnitude, 1, -.leastNormalMagnitude]
        let buckets = counted(values)
        check(buckets, values)
        #expect(buckets.scale == -4)
    }

    @Test("One value keeps the greatest scale")
    func oneValue() {
        #expect(counted([3.7]).scale == 20 && counted([3.7, 3.7, 0]).positive.counts == [2])
    }
}
