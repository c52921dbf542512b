import CoreMetrics
import OTLPWire
import Testing

@testable import OTelSDK

@Suite("Views change what instruments become")
struct ViewTests {
    @Test(
        "A pattern is matched in any case, a star is any characters, a question mark one",
        arguments: [
            ("http.requests", true), ("HTTP.Requests", true), ("*", true), ("http.*", true), ("*requests", true),
            ("h*p.*s*", true), ("http?requests", true), ("****", true), ("http", false), ("http.?", false),
            ("*x*", false), ("", false), ("http.requests?", false), ("http.requests*", true), ("*http", false),
        ]
    )
    func patterns(pattern: String, matches: Bool) {
        let descriptor = InstrumentDescriptor(
            scope: InstrumentationScope(name: "lib"),
            name: "http.requests",
            kind: .counter
        )
        #expect(OTelView(pattern).matches(descriptor) == matches)
        #expect(!OTelView(pattern, meter: "other").matches(descriptor))
        #expect(OTelView(pattern, meter: "lib").matches(descriptor) == matches)
    }

    @Test("The first view that matches renames, describes, drops")
    func names() {
        let stub = MeterStub {
            $0.views = [
                OTelView("a", name: "b", description: "B."), OTelView("debug.*", aggregation: .drop),
                OTelView("*", description: "all"),
            ]
        }
        stub.meter.counter("a", description: "A.").add(1)
        stub.meter.counter("A").add(1)
        stub.meter.counter("debug.x").bind(["k": 1]).add(1)
        stub.meter.observableGauge("debug.y", of: Int.self) { $0.observe(1) }
        stub.meter.counter("c").add(1)
        let metrics = stub.collect(at: 9)
        #expect(metrics.map(\.name) == ["b", "c"] && metrics.map(\.description) == ["B.", "all"])
        #expect(metrics[0].numbers.map(\.value) == [.int(2)])
    }

    @Test("What differs in attributes that are not kept is added up, also if it was bound or observed")
    func keys() {
        let stub = MeterStub {
            $0.views = [OTelView("x*", keys: .except(["user"])), OTelView("y*", keys: .only(["k"]))]
        }
        for name in ["x", "y"] {
            let counter = stub.meter.counter(name)
            counter.add(1, attributes: ["k": 1, "user": "a"])
            counter.add(2, attributes: ["user": "b", "k": 1])
            counter.bind(["k": 1, "user": "c"]).add(4)
            stub.metrics.makeCounter(label: name, dimensions: [("user", "d")]).increment(by: 8)
            stub.meter.observableCounter(name + "o", of: Int.self) { observer in
                observer.observe(1, attributes: ["k": 1, "user": "a"])
                observer.observe(2, attributes: ["k": 1, "user": "b"])
            }
        }
        let values = stub.collect(at: 9).map(\.values)
        #expect(values.count == 4)
        for place in [0, 2] { #expect(values[place] == ["int(1)": .int(7), "": .int(8)]) }
        for place in [1, 3] { #expect(values[place] == ["int(1)": .int(3)]) }
    }

    @Test("Buckets and the cardinality limit can be set for one instrument")
    func aggregation() {
        let stub = MeterStub {
            $0.views = [
                OTelView("e", aggregation: .exponentialBuckets), OTelView("b", aggregation: .explicitBuckets([3])),
                OTelView("c", cardinalityLimit: 2),
            ]
        }
        stub.meter.histogram("e").record(1)
        stub.meter.histogram("b", bounds: [1, 2]).record(1)
        for number in 0..<5 { stub.meter.counter("c").add(1, attributes: ["k": .int(number)]) }
        let metrics = stub.collect(at: 9)
        guard case .exponentialHistogram(let points, _) = metrics[0].data,
            case .histogram(let other, _) = metrics[1].data
        else {
            Issue.record("wrong kinds: \(metrics)")
            return
        }
        #expect(points[0].count == 1 && other[0].explicitBounds == [3])
        #expect(metrics[2].values == ["int(0)": .int(1), "bool(true)": .int(4)])
    }
}
