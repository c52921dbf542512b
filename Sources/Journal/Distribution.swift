import Foundation
import GRDB

/// Values in buckets: what a histogram metric is made of.
package struct Distribution: Sendable, Equatable, Codable {
    /// Upper bounds, inclusive and rising.
    package var bounds: [Double]
    /// How many values each bucket has: one more than there are bounds.
    package private(set) var bucketCounts: [Int]
    /// The sum of the values.
    package private(set) var sum: Double = 0
    /// The least and the greatest value; meaningless while there is none.
    package private(set) var min: Double = .infinity
    package private(set) var max: Double = -.infinity

    /// How many values there are.
    package var count: Int { bucketCounts.reduce(0, +) }

    /// One without values.
    package init(bounds: [Double]) {
        self.bounds = bounds
        bucketCounts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// Takes a value in.
    package mutating func add(_ value: Double) {
        bucketCounts[Self.bucket(of: value, bounds)] += 1
        sum += value
        min = Swift.min(min, value)
        max = Swift.max(max, value)
    }

    /// Takes in what another one of the same bounds has; one of other bounds, which another version has made, is left out.
    package mutating func add(_ other: Distribution) {
        guard other.bounds == bounds, other.bucketCounts.count == bucketCounts.count else { return }
        for (index, count) in other.bucketCounts.enumerated() { bucketCounts[index] += count }
        sum += other.sum
        min = Swift.min(min, other.min)
        max = Swift.max(max, other.max)
    }

    /// The bucket that a value belongs to.
    static func bucket(of value: Double, _ bounds: [Double]) -> Int {
        bounds.firstIndex { value <= $0 } ?? bounds.count
    }
}

extension Distribution {
    /// Reads a row of the table `distribution`; nil if it was written with other bounds.
    init?(_ row: Row, bounds: [Double]) throws {
        self.init(bounds: bounds)
        let text: String = row["bucket_counts"]
        let counts = try JSONDecoder().decode([Int].self, from: Data(text.utf8))
        guard counts.count == bucketCounts.count else { return nil }
        bucketCounts = counts
        sum = row["sum"]
        min = row["min"]
        max = row["max"]
    }

    /// Writes it as the row of a metric and its attributes.
    func write(_ metric: OperationMetric, attributes: String, in database: Database) throws {
        let counts = "[" + bucketCounts.map(String.init).joined(separator: ",") + "]"
        let insertion = "INSERT OR REPLACE INTO distribution VALUES (?, ?, ?, ?, ?, ?)"
        try database.cachedStatement(sql: insertion)
            .execute(arguments: [metric.rawValue, attributes, counts, sum, min, max])
    }
}
