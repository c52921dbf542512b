import OTelSDK
import Tracing

/// A short process: one span, three counters, everything sent, exit; measured from outside.
enum OneProcess {
    static func run(port: Int, spool: String?) async {
        var configuration = OTelConfiguration()
        configuration.endpoint = "http://127.0.0.1:\(port)"
        configuration.serviceName = "bench"
        configuration.spoolDirectory = spool
        let otel = OTel(configuration: configuration)
        otel.start()
        BenchSpan.make(otel.tracer, in: .topLevel)
        for name in ["one", "two", "three"] { otel.meter.counter(name).add(1, attributes: ["kind": "bench"]) }
        let shutdown = await otel.shutdown()
        report([
            ("delivered", Double(shutdown.delivered)), ("dropped", Double(shutdown.dropped)),
            ("spooled", Double(shutdown.spooled)), ("mib", peakMemory()),
        ])
    }
}
