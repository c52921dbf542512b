import CoreMetrics
import OTLPWire
import Synchronization
import Testing

@testable import OTelSDK

@Suite("Under load from all sides the sums stay exact")
struct MetricStressTests {
    private static let tasks = 6
    private static let rounds = 4000

    /// Measures in every way at once, while `collect` runs again and again; then once more at the end.
    private func load(_ stub: MeterStub, while collect: @escaping @Sendable () -> Void) async {
        let counter = stub.meter.counter("c")
        let histogram = stub.meter.histogram("h", bounds: [1, 2])
        let double = stub.meter.counter("d", of: Double.self)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<Self.tasks {
                group.addTask {
                    let bound = counter.bind(["k": .int(task)])
                    for round in 0..<Self.rounds {
                        counter.add(1, attributes: ["k": .int(round % 40), "other": "x"])
                        bound.add(1)
                        Counter(label: "c", dimensions: [("k", "\(round % 7)")], factory: stub.metrics).increment()
                        histogram.record(Double(round % 4), attributes: ["k": .int(round % 5)])
                        double.add(0.5, attributes: ["k": .bool(round % 2 == 0)])
                    }
                }
            }
            group.addTask {
                for _ in 0..<300 {
                    collect()
                    await Task.yield()
                }
            }
        }
        collect()
    }

    private struct Totals: Sendable {
        var whole: Int64 = 0
        var fraction = 0.0
        var count: UInt64 = 0
        var bucketed: UInt64 = 0
        var sum = 0.0
        var repeated = 0

        mutating func add(_ metrics: [MetricRecord]) {
            for metric in metrics {
                for point in metric.numbers {
                    switch point.value {
                    case .int(let value): whole += value
                    case .double(let value): fraction += value
                    }
                }
                repeated += metric.numbers.count - Set(metric.numbers.map { Set($0.attributes) }).count
                guard case .histogram(let points, _) = metric.data else { continue }
                for point in points {
                    count += point.count
                    bucketed += point.bucketCounts.reduce(0, +)
                    sum += point.sum ?? 0
                }
            }
        }
    }

    private func check(_ totals: Totals) {
        let calls = Self.tasks * Self.rounds
        #expect(totals.whole == Int64(3 * calls))
        #expect(totals.fraction == Double(calls) / 2)
        #expect(totals.count == UInt64(calls) && totals.bucketed == totals.count && totals.sum == 1.5 * Double(calls))
        #expect(totals.repeated == 0)
    }

    @Test("Deltas add up to what was measured, also when some come back undelivered", arguments: [2000, 20])
    func deltas(limit: Int) async {
        let stub = MeterStub {
            $0.temporality = .delta
            $0.cardinalityLimit = limit
        }
        let state = Mutex((totals: Totals(), number: 0))
        await load(stub) {
            let number = state.withLock { state in
                state.number += 1
                return state.number
            }
            let collection = stub.collection(at: UInt64(number))
            if number % 3 == 0 && number < 300 {
                collection.putBack()
            } else {
                state.withLock { $0.totals.add(collection.scopes.flatMap(\.metrics)) }
            }
        }
        check(state.withLock { $0.totals })
    }

    @Test("Cumulative points never fall, and end at what was measured", arguments: [2000, 20])
    func cumulative(limit: Int) async {
        let stub = MeterStub { $0.cardinalityLimit = limit }
        let last = Mutex([Set<Attribute>: Int64]())
        await load(stub) {
            for metric in stub.collect(at: 1) where metric.name == "c" {
                for point in metric.numbers {
                    guard case .int(let value) = point.value else { continue }
                    last.withLock { last in
                        #expect(last[Set(point.attributes), default: 0] <= value)
                        last[Set(point.attributes)] = value
                    }
                }
            }
        }
        var totals = Totals()
        totals.add(stub.collect(at: 2))
        check(totals)
    }

    @Test("Series may be destroyed while others measure")
    func destroy() async {
        let stub = MeterStub()
        let counter = stub.meter.counter("c")
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    for round in 0..<5000 {
                        counter.add(1, attributes: ["k": .string("\(round % 50)")])
                        guard task == 0 else { continue }
                        let dimensions = [("k", "\(round % 50)")]
                        let handler = stub.metrics.makeCounter(label: "c", dimensions: dimensions)
                        stub.metrics.destroyCounter(handler)
                    }
                }
            }
        }
        let points = stub.collect(at: 1).flatMap(\.numbers)
        #expect(points.count <= 50 && Set(points.map(\.attributes)).count == points.count)
    }
}
