#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Counts of values in buckets whose bounds grow by a constant factor (metrics/sdk.md, Base2 Exponential Bucket Histogram).
///
/// With base = 2^(2^-scale) the bucket of an index has the values above base^index up to base^(index + 1). The scale is
/// the greatest at which all values so far fit: when one does not, neighbouring buckets are merged in pairs.
struct ExponentialBuckets: Sendable, Equatable {
    /// How many buckets each of the two sides may have.
    static let maximumSize = 160
    static let maximumScale = 20

    private(set) var scale = Self.maximumScale
    private(set) var zeroCount: UInt64 = 0
    private(set) var positive = Side()
    private(set) var negative = Side()

    /// Counts a finite value.
    mutating func count(_ value: Double) {
        guard value != 0 else {
            zeroCount += 1
            return
        }
        let index = Self.index(of: value.magnitude, scale: scale)
        let range = value > 0 ? positive.range : negative.range
        let shift = Self.shift(toFit: range, and: index..<index + 1)
        if shift > 0 { downscale(by: shift) }
        if value > 0 { positive.add(1, at: index >> shift) } else { negative.add(1, at: index >> shift) }
    }

    /// Adds the counts of another, at the greatest scale that both fit into.
    mutating func add(_ other: ExponentialBuckets) {
        var other = other
        let common = min(scale, other.scale)
        downscale(by: scale - common)
        other.downscale(by: other.scale - common)
        let shift = max(
            Self.shift(toFit: positive.range, and: other.positive.range),
            Self.shift(toFit: negative.range, and: other.negative.range)
        )
        downscale(by: shift)
        other.downscale(by: shift)
        positive.add(other.positive)
        negative.add(other.negative)
        zeroCount += other.zeroCount
    }

    /// The bucket of a positive value.
    ///
    /// The exponent counts exactly and only the fraction goes through a logarithm, so the error is far below a bucket's
    /// width at every scale; powers of two, the only bounds that a double can hit, are exact.
    static func index(of value: Double, scale: Int) -> Int {
        let exponent = Int(value.exponent)
        let fraction = value.significand
        if scale <= 0 { return (fraction == 1 ? exponent - 1 : exponent) >> -scale }
        if fraction == 1 { return exponent << scale - 1 }
        let steps = Double(1 << scale)
        let step = (log2(fraction) * steps).rounded(.up)
        return exponent << scale + Int(max(1, min(steps, step))) - 1
    }

    /// How often neighbours must be merged until both ranges fit into one side.
    private static func shift(toFit left: Range<Int>, and right: Range<Int>) -> Int {
        guard !right.isEmpty else { return 0 }
        let low = left.isEmpty ? right.lowerBound : min(left.lowerBound, right.lowerBound)
        let high = (left.isEmpty ? right.upperBound : max(left.upperBound, right.upperBound)) - 1
        var shift = 0
        while high >> shift - low >> shift >= maximumSize { shift += 1 }
        return shift
    }

    private mutating func downscale(by shift: Int) {
        guard shift > 0 else { return }
        scale -= shift
        positive.merge(by: shift)
        negative.merge(by: shift)
    }
}

extension ExponentialBuckets {
    /// The buckets of one sign, from the lowest to the highest that has a value.
    struct Side: Sendable, Equatable {
        private(set) var offset = 0
        private(set) var counts: [UInt64] = []

        var range: Range<Int> { offset..<offset + counts.count }

        fileprivate mutating func add(_ count: UInt64, at index: Int) {
            if counts.isEmpty { offset = index }
            if index < offset {
                counts.insert(contentsOf: repeatElement(0, count: offset - index), at: 0)
                offset = index
            }
            if index >= range.upperBound {
                counts.append(contentsOf: repeatElement(0, count: index - range.upperBound + 1))
            }
            counts[index - offset] += count
        }

        fileprivate mutating func add(_ other: Side) {
            for (place, count) in other.counts.enumerated() where count > 0 { add(count, at: other.offset + place) }
        }

        fileprivate mutating func merge(by shift: Int) {
            guard !counts.isEmpty else { return }
            let first = offset >> shift
            var merged = [UInt64](repeating: 0, count: (range.upperBound - 1) >> shift - first + 1)
            for (place, count) in counts.enumerated() { merged[(offset + place) >> shift - first] += count }
            (offset, counts) = (first, merged)
        }
    }
}
