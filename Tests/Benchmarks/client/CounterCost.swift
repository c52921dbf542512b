import CoreMetrics
import OTelSDK

/// What adding one to a counter costs.
enum CounterCost {
    static func run(adds: Int) async {
        var configuration = OTelConfiguration()
        configuration.serviceName = "bench"
        configuration.traces.exporters = []
        let otel = OTel(configuration: configuration)
        let counter = otel.meter.counter("requests")
        let (given, _) = await seconds {
            for _ in 0..<adds {
                counter.add(
                    1,
                    attributes: ["http.request.method": "GET", "http.route": "/api/orders/{id}", "status": 200]
                )
            }
        }
        let bound = counter.bind(["http.request.method": "GET", "http.route": "/api/orders/{id}", "status": 200])
        let (own, _) = await seconds { for _ in 0..<adds { bound.add(1) } }
        let factory = otel.metrics
        let facade = Counter(label: "facade", dimensions: [("method", "GET")], factory: factory)
        let (swiftMetrics, _) = await seconds { for _ in 0..<adds { facade.increment() } }
        let (perCall, _) = await seconds {
            for _ in 0..<adds {
                Counter(
                    label: "facade",
                    dimensions: [("method", "GET"), ("route", "/api/orders/{id}"), ("status", "200")],
                    factory: factory
                )
                .increment()
            }
        }
        func nanoseconds(_ taken: Double) -> Double { taken / Double(adds) * 1e9 }
        report([
            ("given_ns", nanoseconds(given)), ("bound_ns", nanoseconds(own)),
            ("swift_metrics_bound_ns", nanoseconds(swiftMetrics)), ("swift_metrics_given_ns", nanoseconds(perCall)),
        ])
    }
}
