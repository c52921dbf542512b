import CoreMetrics
import OTLPWire
import Synchronization
import Testing

@testable import OTelSDK

/// A meter without a collector; the clock goes one tick at each reading.
struct MeterStub {
    let meter: OTelMeter
    let metrics: OTelMetricsFactory
    let log = DiagnosticLog()
    private let registry: MetricRegistry
    private let scope = InstrumentationScope(name: "stub")

    init(_ change: (inout OTelConfiguration) -> Void = { _ in }) {
        var configuration = OTelConfiguration()
        change(&configuration)
        let clock = Ticks()
        let reporter = DiagnosticReporter(TimeSource(InstantClock(), wallClock: clock.next), hook: log.note)
        registry = MetricRegistry(configuration, reporter: reporter, wallClock: clock.next)
        meter = OTelMeter(registry: registry, scope: scope, reporter: reporter)
        metrics = OTelMetricsFactory(registry: registry, scope: scope)
    }

    func collection(at time: UInt64) -> MetricCollection {
        registry.observe()
        return registry.collect(at: time, in: scope)
    }

    func collect(at time: UInt64) -> [MetricRecord] { collection(at: time).scopes.flatMap(\.metrics) }

    private final class Ticks: Sendable {
        private let time = Atomic<UInt64>(0)

        @Sendable func next() -> UInt64 { time.wrappingAdd(1, ordering: .relaxed).newValue }
    }
}

extension MetricRecord {
    var numbers: [NumberPoint] {
        switch data {
        case .sum(let points, _, _), .gauge(let points): points
        default: []
        }
    }

    /// Values by the attribute `k`, empty for none.
    var values: [String: NumberPoint.Value] {
        Dictionary(numbers.map { ($0.attributes.first.map { "\($0.value)" } ?? "", $0.value) }) { first, _ in first }
    }

    var temporality: Temporality? {
        switch data {
        case .sum(_, _, let temporality), .histogram(_, let temporality): temporality
        default: nil
        }
    }
}

@Suite("Instruments of the meter")
struct MeterTests {
    @Test("Attributes are a set: order does not matter, types do, and of a repeated key the last value holds")
    func attributes() throws {
        let stub = MeterStub()
        let counter = stub.meter.counter("c")
        counter.add(1, attributes: ["a": "x", "b": 2, "c": true])
        counter.add(2, attributes: ["c": true, "b": 2, "a": "x"])
        counter.add(4, attributes: ["a": "old", "c": true, "b": 2, "a": "x"])
        counter.bind(["b": 2, "c": true, "a": "x"]).add(8)
        counter.add(16, attributes: ["a": "x", "b": 2.0, "c": true])
        counter.add(32, attributes: ["a": .double(.nan)])
        counter.add(64, attributes: ["a": .double(.nan)])
        let points = try #require(stub.collect(at: 9).first).numbers
        #expect(points.map(\.value) == [.int(15), .int(16), .int(96)])
        #expect(
            Set(points[0].attributes) == [
                Attribute(key: "a", value: .string("x")), Attribute(key: "b", value: .int(2)),
                Attribute(key: "c", value: .bool(true)),
            ]
        )
        #expect(OTelAttributes([("a", 1), ("b", 2)]) == ["b": 2, "a": 5, "a": 1])
    }

    @Test("Strings of every length are told apart and found again")
    func strings() throws {
        let stub = MeterStub()
        let counter = stub.meter.counter("c")
        let keys = (0..<40).flatMap { length in
            ["a", "ä", "\u{0}"].map { String(repeating: $0, count: length) + (length > 0 ? "z" : "") }
        }
        for _ in 0..<2 { for key in Set(keys) { counter.add(1, attributes: ["k": .string(key)]) } }
        let points = try #require(stub.collect(at: 9).first).numbers
        #expect(points.count == Set(keys).count && points.allSatisfy { $0.value == .int(2) })
    }

    @Test("Metrics have no attribute limits")
    func attributeLimits() throws {
        let stub = MeterStub {
            $0.spanLimits.attributes = 1
            $0.logRecordLimits.attributes = 1
        }
        let long = String(repeating: "x", count: 10_000)
        stub.meter.counter("c").add(1, attributes: OTelAttributes((0..<200).map { ("k\($0)", .string(long)) }))
        let attributes = try #require(stub.collect(at: 9).first?.numbers.first).attributes
        #expect(attributes.count == 200 && attributes.allSatisfy { $0.value == .string(long) })
    }

    @Test("Counters only rise, up-down counters do both; whole numbers stop at their limits")
    func sums() throws {
        let stub = MeterStub()
        let counter = stub.meter.counter("c")
        counter.add(5)
        counter.add(-3)
        stub.meter.counter("max").bind([:]).add(.max)
        stub.meter.counter("max").add(.max)
        stub.meter.counter("max").add(7)
        let both = stub.meter.upDownCounter("u")
        both.add(5)
        both.bind([:]).add(-8)
        stub.meter.upDownCounter("min").add(.min)
        stub.meter.upDownCounter("min").add(-1)
        let double = stub.meter.counter("d", of: Double.self)
        for amount in [0.5, -1, .nan, .infinity, 1] { double.add(amount) }
        let metrics = stub.collect(at: 9)
        #expect(metrics.map(\.name) == ["c", "max", "u", "min", "d"])
        #expect(metrics.flatMap(\.numbers).map(\.value) == [.int(5), .int(.max), .int(-3), .int(.min), .double(1.5)])
        guard case .sum(_, true, .cumulative) = metrics[0].data, case .sum(_, false, .cumulative) = metrics[2].data
        else {
            Issue.record("wrong kinds: \(metrics)")
            return
        }
    }

    @Test("A series starts with its first measurement; a gauge has no start")
    func startTimes() throws {
        let stub = MeterStub()
        let counter = stub.meter.counter("c")
        counter.add(1, attributes: ["k": 1])
        counter.add(1, attributes: ["k": 2])
        stub.meter.gauge("g").record(3)
        for time in [UInt64(100), 200] {
            let metrics = stub.collect(at: time)
            #expect(metrics[0].numbers.map(\.startTime) == [1, 2] && metrics[0].numbers.allSatisfy { $0.time == time })
            #expect(metrics[1].numbers.map(\.startTime) == [0] && metrics[1].numbers.map(\.value) == [.int(3)])
        }
    }

    @Test("The same name gives the same instrument; what differs is said, and the name that was seen first holds")
    func duplicates() throws {
        let stub = MeterStub()
        stub.meter.counter("Requests", unit: "{r}").add(1)
        #expect(stub.log.all.isEmpty)
        stub.meter.counter("requests", unit: "{r}").add(2)
        let said = #"metric "requests" is reported as "Requests", the name that was seen first"#
        #expect(stub.log.all.map(\.message) == [said])
        // swift-metrics knows no units.
        Counter(label: "Requests", factory: stub.metrics).increment(by: 4)
        stub.meter.upDownCounter("REQUESTS").add(1)
        let metrics = stub.collect(at: 9)
        #expect(metrics.map(\.name) == ["Requests", "REQUESTS"])
        #expect(metrics.flatMap(\.numbers).map(\.value) == [.int(7), .int(1)])
    }

    @Test(
        "Names follow the syntax, or it is said",
        arguments: [
            ("a", true), ("a_b.c-d/e9", true), ("", false), ("9a", false), ("_a", false), ("a b", false), ("ä", false),
            (String(repeating: "a", count: 255), true), (String(repeating: "a", count: 256), false),
        ]
    )
    func names(name: String, isValid: Bool) {
        let stub = MeterStub()
        stub.meter.counter(name).add(1)
        #expect(stub.log.all.isEmpty == isValid)
        #expect(stub.collect(at: 9).map(\.name) == [name])
    }

    @Test("Bounds are advice; those that do not rise are not followed, and configured ones hold before them")
    func bounds() throws {
        let stub = MeterStub { $0.histogramBounds = ["configured": [7]] }
        stub.meter.histogram("advised", bounds: [1, 2]).record(2)
        stub.meter.histogram("configured", bounds: [1, 2]).record(2)
        stub.meter.histogram("wrong", bounds: [2, 2]).record(2)
        let bounds = stub.collect(at: 9).map { metric -> [Double] in
            guard case .histogram(let points, _) = metric.data else { return [] }
            return points[0].explicitBounds
        }
        #expect(bounds == [[1, 2], [7], HistogramBounds.standard])
        #expect(stub.log.has(.metrics))
    }

    @Test("Beyond the cardinality limit measurements go into the overflow series; earlier series stay")
    func overflow() throws {
        let stub = MeterStub { $0.cardinalityLimit = 4 }
        let counter = stub.meter.counter("c")
        for _ in 0..<3 { for number in 0..<10 { counter.add(1, attributes: ["k": .int(number)]) } }
        let values = try #require(stub.collect(at: 9).first).values
        #expect(values == ["int(0)": .int(3), "int(1)": .int(3), "int(2)": .int(3), "bool(true)": .int(21)])
    }

    @Test("A limit of one leaves the overflow series alone")
    func limitOfOne() throws {
        let stub = MeterStub { $0.cardinalityLimit = 1 }
        let counter = stub.meter.counter("c")
        counter.add(1)
        counter.bind(["k": 1]).add(2)
        #expect(try #require(stub.collect(at: 9).first).values == ["bool(true)": .int(3)])
    }
}
