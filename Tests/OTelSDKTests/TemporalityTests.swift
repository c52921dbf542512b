import GRPCTransport
import OTLPWire
import Synchronization
import Testing

@testable import OTelSDK

@Suite("Delta points lose nothing and count nothing twice")
struct TemporalityTests {
    @Test("The preference decides by kind of instrument, as the specification's table says")
    func table() {
        let kinds: [InstrumentKind] = [
            .counter, .observableCounter, .histogram, .upDownCounter, .observableUpDownCounter,
        ]
        let deltas = TemporalityPreference.allCases.map { preference in
            kinds.map { preference.temporality(of: $0) == .delta }
        }
        #expect(deltas[0] == [false, false, false, false, false])
        #expect(deltas[1] == [true, true, true, false, false])
        #expect(deltas[2] == [true, false, true, false, false])
    }

    @Test("A delta starts where the last one ended; without measurements there is no point")
    func deltas() throws {
        let stub = MeterStub { $0.temporality = .delta }
        let counter = stub.meter.counter("c")
        let bound = counter.bind(["k": 1])
        let histogram = stub.meter.histogram("h", bounds: [10])
        counter.add(5)
        bound.add(2)
        histogram.record(3)
        stub.meter.upDownCounter("u").add(9)
        var metrics = stub.collect(at: 100)
        #expect(metrics.map(\.temporality) == [.delta, .delta, .cumulative])
        #expect(metrics[0].values == ["": .int(5), "int(1)": .int(2)])
        bound.add(3)
        metrics = stub.collect(at: 200)
        #expect(metrics.map(\.name) == ["c", "u"])
        #expect(metrics[0].values == ["int(1)": .int(3)])
        #expect(metrics[0].numbers[0].startTime == 100 && metrics[0].numbers[0].time == 200)
        histogram.record(30)
        metrics = stub.collect(at: 300)
        guard case .histogram(let points, .delta) = metrics[0].data else {
            Issue.record("not a delta histogram: \(metrics)")
            return
        }
        #expect(points.map(\.bucketCounts) == [[0, 1]] && points[0].min == 30 && points[0].sum == 30)
    }

    @Test("With delta temporality idle series make room for others, but not those that are bound")
    func eviction() throws {
        let stub = MeterStub {
            $0.temporality = .delta
            $0.cardinalityLimit = 4
        }
        let counter = stub.meter.counter("c")
        let bound = counter.bind(["k": "bound"])
        for round in 0..<5 {
            for number in 0..<2 { counter.add(1, attributes: ["k": .int(10 * round + number)]) }
            let values = try #require(stub.collect(at: 9).first).values
            #expect(values == ["int(\(10 * round))": .int(1), "int(\(10 * round + 1))": .int(1)])
            #expect(stub.collect(at: 9).isEmpty)
        }
        bound.add(1)
        #expect(try #require(stub.collect(at: 9).first).values == [#"string("bound")"#: .int(1)])
    }

    @Test("What was not delivered is in the next delta, from where it began")
    func putBack() throws {
        let stub = MeterStub { $0.temporality = .delta }
        let counter = stub.meter.counter("c")
        let total = Mutex(10)
        stub.meter.observableCounter("o", of: Int.self) { $0.observe(total.withLock { $0 }) }
        let histogram = stub.meter.histogram("h", bounds: [10])
        counter.add(5)
        histogram.record(1)
        stub.collection(at: 100).putBack()
        total.withLock { $0 = 15 }
        counter.add(2)
        histogram.record(100)
        let metrics = stub.collect(at: 200)
        #expect(metrics.flatMap(\.numbers).map(\.value) == [.int(7), .int(15)])
        #expect(metrics.flatMap(\.numbers).allSatisfy { $0.startTime < 100 && $0.time == 200 })
        guard case .histogram(let points, _) = try #require(metrics.last).data else {
            Issue.record("not a histogram")
            return
        }
        #expect(points[0].bucketCounts == [1, 1] && points[0].min == 1 && points[0].max == 100)
        #expect(points[0].startTime < 100)
        total.withLock { $0 = 16 }
        #expect(stub.collect(at: 300).flatMap(\.numbers).map(\.value) == [.int(1)])
    }

    @Test("A collector that is away for a while gets every delta in the end", .timeLimit(.minutes(1)))
    func pipeline() async throws {
        let collector = FakeCollector { number, _ in
            number < 3 ? GRPCResponse(status: GRPCStatus(.unavailable, "away")) : .taken
        }
        let configuration = OTelConfiguration.stub(hasMetrics: true) {
            $0.temporality = .delta
            $0.metricExportTimeout = .nanoseconds(1)
        }
        let time = TimeSource(InstantClock(), wallClock: { 9 })
        let otel = OTel(configuration: configuration, time: time, random: .system(), send: collector.send)
        let counter = otel.meter.counter("c")
        otel.start()
        var total: Int64 = 0
        while collector.requestCount < 6 {
            counter.add(1)
            total += 1
            await Task.yield()
        }
        #expect(await otel.shutdown().metricRequestsFailed == 2)
        let arrived = try collector.requests(.metrics).dropFirst(2).flatMap { try ExportMetricsRequest.decode($0) }
            .flatMap(\.scopes).flatMap(\.metrics).flatMap(\.numbers)
        let sum = arrived.reduce(Int64(0)) { sum, point in
            if case .int(let value) = point.value { sum + value } else { sum }
        }
        #expect(sum == total)
    }
}

@Suite("Observable instruments report what is observed")
struct ObservableTests {
    @Test("Only observed series are reported, with the last value; a cancelled callback is not asked")
    func observed() throws {
        let stub = MeterStub()
        let round = Mutex(0)
        let observation = stub.meter.observableUpDownCounter("u", of: Int.self) { observer in
            if round.withLock({ $0 }) != 1 { observer.observe(3, attributes: ["k": 1]) }
            observer.observe(5, attributes: ["k": 2])
            observer.observe(-6, attributes: ["k": 2])
        }
        stub.meter.observableGauge("g", of: Double.self) { $0.observe(0.5) }
        #expect(stub.collect(at: 100).map(\.values) == [["int(1)": .int(3), "int(2)": .int(-6)], ["": .double(0.5)]])
        round.withLock { $0 = 1 }
        #expect(stub.collect(at: 200)[0].values == ["int(2)": .int(-6)])
        round.withLock { $0 = 2 }
        let again = stub.collect(at: 300)[0]
        // It was created at 1; the later appearance is the same series.
        #expect(again.numbers.map(\.startTime) == [1, 1])
        observation.cancel()
        #expect(stub.collect(at: 400).map(\.name) == ["g"])
    }

    @Test("Deltas of a total are its differences, also over a gap; a total that falls has begun anew")
    func deltas() throws {
        let stub = MeterStub { $0.temporality = .delta }
        let total = Mutex<Int?>(10)
        stub.meter.observableCounter("o", of: Int.self) { observer in
            if let total = total.withLock({ $0 }) { observer.observe(total) }
        }
        var points: [NumberPoint] = []
        for (place, value) in [10, 15, nil, 18, 4, 4].enumerated() {
            total.withLock { $0 = value }
            points += stub.collect(at: UInt64(100 * (place + 1))).flatMap(\.numbers)
        }
        #expect(points.map(\.value) == [.int(10), .int(5), .int(3), .int(4), .int(0)])
        #expect(points.map(\.startTime) == [1, 100, 200, 400, 500])
    }

    @Test("A cumulative total that falls gets a new start")
    func reset() throws {
        let stub = MeterStub()
        let total = Mutex(10)
        stub.meter.observableCounter("o", of: Int.self) { $0.observe(total.withLock { $0 }) }
        _ = stub.collect(at: 100)
        total.withLock { $0 = 4 }
        let point = try #require(stub.collect(at: 200).first?.numbers.first)
        #expect(point.value == .int(4) && point.startTime == 100)
    }

    @Test("The first observed sets have points of their own, the rest are added up")
    func overflow() throws {
        let stub = MeterStub { $0.cardinalityLimit = 3 }
        stub.meter.observableCounter("o", of: Int.self) { observer in
            for number in 0..<5 { observer.observe(number + 1, attributes: ["k": .int(number)]) }
        }
        let values = try #require(stub.collect(at: 9).first).values
        #expect(values == ["int(0)": .int(1), "int(1)": .int(2), "bool(true)": .int(12)])
    }
}
