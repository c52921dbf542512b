import Testing

@testable import OTelSDK

/// Serialised, since each starts a Python of its own.
@Suite("The official protobuf classes read every kind of point", .serialized)
struct MetricReceiverTests {
    /// What one collection sends, by name of the metric.
    private func received(
        _ change: (inout OTelConfiguration) -> Void = { _ in },
        _ measure: (OTelMeter) -> Void
    ) async throws -> [String: JSON] {
        let receiver = try GRPCIOReceiver()
        let configuration = OTelConfiguration.stub(hasMetrics: true) {
            $0.endpoint = "http://127.0.0.1:\(receiver.port)"
            change(&$0)
        }
        let otel = OTel(configuration: configuration)
        measure(otel.meter(named: "lib", version: "2"))
        #expect(await otel.shutdown().metricRequestsFailed == 0)
        let line = try #require(try receiver.lines().last { $0.signal == "metrics" })
        #expect(line.reply == "ok" && line.unknownFields != true)
        let scoped = try #require(line.request)["resourceMetrics"][0]["scopeMetrics"][0]
        #expect(scoped["scope"]["name"] == .string("lib") && scoped["scope"]["version"] == .string("2"))
        let metrics = scoped["metrics"]
        var named: [String: JSON] = [:]
        for place in 0..<metrics.count {
            guard case .string(let name) = metrics[place]["name"] else { continue }
            named[name] = metrics[place]
        }
        return named
    }

    private func strings(_ values: JSON) -> [String] {
        (0..<values.count).map { if case .string(let text) = values[$0] { text } else { "?" } }
    }

    @Test("Sums and gauges, synchronous and observed, with whole numbers and fractions", .timeLimit(.minutes(1)))
    func numbers() async throws {
        let metrics = try await received { meter in
            meter.counter("c", unit: "By", description: "Bytes.").add(.max, attributes: ["s": "x", "i": -1, "b": true])
            meter.counter("cd", of: Double.self).add(0.25)
            meter.upDownCounter("u").add(-5)
            meter.gauge("g", of: Double.self).record(-0.5)
            meter.gauge("gi").record(0)
            meter.observableCounter("oc", of: Int.self) { $0.observe(7) }
            meter.observableUpDownCounter("ou", of: Double.self) { $0.observe(-7.5) }
            meter.observableGauge("og", of: Int.self) { $0.observe(1, attributes: ["d": 1.5]) }
        }
        let counter = metrics["c", default: .null]
        #expect(counter["unit"] == .string("By") && counter["description"] == .string("Bytes."))
        #expect(counter["sum"]["isMonotonic"] == .bool(true))
        #expect(counter["sum"]["aggregationTemporality"] == .string("AGGREGATION_TEMPORALITY_CUMULATIVE"))
        let point = counter["sum"]["dataPoints"][0]
        #expect(point["asInt"] == .string("9223372036854775807"))
        #expect(point["attributes"].attribute("s")["stringValue"] == .string("x"))
        #expect(point["attributes"].attribute("i")["intValue"] == .string("-1"))
        #expect(point["attributes"].attribute("b")["boolValue"] == .bool(true))
        #expect(point["startTimeUnixNano"] != .null && point["timeUnixNano"] != .null)
        #expect(metrics["cd", default: .null]["sum"]["dataPoints"][0]["asDouble"] == .number(0.25))
        let upDown = metrics["u", default: .null]["sum"]
        #expect(upDown["isMonotonic"] == .null && upDown["dataPoints"][0]["asInt"] == .string("-5"))
        #expect(metrics["g", default: .null]["gauge"]["dataPoints"][0]["asDouble"] == .number(-0.5))
        #expect(metrics["gi", default: .null]["gauge"]["dataPoints"][0]["asInt"] == .string("0"))
        #expect(metrics["oc", default: .null]["sum"]["isMonotonic"] == .bool(true))
        #expect(metrics["oc", default: .null]["sum"]["dataPoints"][0]["asInt"] == .string("7"))
        #expect(metrics["ou", default: .null]["sum"]["dataPoints"][0]["asDouble"] == .number(-7.5))
        let observed = metrics["og", default: .null]["gauge"]["dataPoints"][0]
        #expect(observed["attributes"].attribute("d")["doubleValue"] == .number(1.5))
    }

    @Test("Histograms with fixed bounds; a sum is left out where values were negative", .timeLimit(.minutes(1)))
    func explicit() async throws {
        let metrics = try await received { meter in
            let histogram = meter.histogram("h", unit: "s", bounds: [0.5, 1])
            histogram.record(0.5)
            histogram.record(.milliseconds(750))
            histogram.record(2, attributes: ["k": 1])
            meter.histogram("n", bounds: [0]).record(-1)
        }
        let histogram = metrics["h", default: .null]["histogram"]
        let point = histogram["dataPoints"][0]
        #expect(histogram["aggregationTemporality"] == .string("AGGREGATION_TEMPORALITY_CUMULATIVE"))
        #expect(histogram["dataPoints"].count == 2)
        #expect(point["count"] == .string("2") && point["sum"] == .number(1.25))
        #expect(point["min"] == .number(0.5) && point["max"] == .number(0.75))
        #expect(strings(point["bucketCounts"]) == ["1", "1", "0"])
        #expect(point["explicitBounds"] == .array([.number(0.5), .number(1)]))
        let negative = metrics["n", default: .null]["histogram"]["dataPoints"][0]
        #expect(negative["sum"] == .null && negative["min"] == .number(-1))
        #expect(strings(negative["bucketCounts"]) == ["1", "0"])
    }

    @Test("Exponential histograms of both signs and zero, as deltas", .timeLimit(.minutes(1)))
    func exponential() async throws {
        let metrics = try await received {
            $0.histogramAggregation = .exponential
            $0.temporality = .delta
        } _: { meter in
            let histogram = meter.histogram("e")
            // Too far apart for a great scale: 2^10 and 2^-10 are 21 powers of two.
            for value in [0, 1024, 1.0 / 1024, 1024, -3, .nan] { histogram.record(value) }
        }
        let histogram = metrics["e", default: .null]["exponentialHistogram"]
        #expect(histogram["aggregationTemporality"] == .string("AGGREGATION_TEMPORALITY_DELTA"))
        let point = histogram["dataPoints"][0]
        #expect(point["count"] == .string("5") && point["zeroCount"] == .string("1") && point["sum"] == .null)
        #expect(point["min"] == .number(-3) && point["max"] == .number(1024))
        // At scale 2 the span is 81 buckets, at 3 it would be 161.
        #expect(point["scale"] == .number(2))
        let counts = strings(point["positive"]["bucketCounts"])
        #expect(point["positive"]["offset"] == .number(-41) && counts.count == 81)
        #expect(counts.first == "1" && counts.last == "2" && counts.count { $0 == "0" } == 79)
        // 4 * log2(3) is 6.34.
        #expect(point["negative"]["offset"] == .number(6) && strings(point["negative"]["bucketCounts"]) == ["1"])
    }
}
