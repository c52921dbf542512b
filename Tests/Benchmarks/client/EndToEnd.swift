import OTelSDK
import Tracing

/// Spans from the caller to the collector's answer, through the batch processor.
enum EndToEnd {
    /// Nothing may be dropped, so the caller flushes when the queue is half full.
    static func run(port: Int, spans: Int, perSecond: Int? = nil) async {
        var configuration = OTelConfiguration()
        configuration.endpoint = "http://127.0.0.1:\(port)"
        configuration.serviceName = "bench"
        configuration.metrics.exporters = []
        configuration.batch.maxQueueSize = 16_384
        configuration.shutdownTimeout = .seconds(60)
        let otel = OTel(configuration: configuration)
        otel.start()
        let tracer = otel.tracer
        let parent = tracer.startSpan("parent", context: .topLevel)
        let context = parent.context
        let cpuBefore = cpuSeconds()
        let (wall, shutdown) = await seconds {
            var made = 0
            let clock = ContinuousClock()
            let start = clock.now
            while made < spans {
                let portion = min(perSecond.map { $0 / 100 } ?? 4_096, spans - made)
                for _ in 0..<portion { BenchSpan.make(tracer, in: context) }
                made += portion
                if let perSecond {
                    try? await clock.sleep(until: start + .seconds(Double(made) / Double(perSecond)))
                } else {
                    if otel.ledger.spans.queued > 8_192 { await otel.flush() }
                }
            }
            return await otel.shutdown()
        }
        parent.end()
        report([
            ("spans", Double(spans)), ("seconds", wall), ("cpu_seconds", cpuSeconds() - cpuBefore),
            ("delivered", Double(shutdown.delivered)), ("dropped", Double(shutdown.dropped)), ("mib", peakMemory()),
        ])
    }

    /// As many spans as asked for with nobody waiting, then shutdown: every one must be accounted for.
    static func burst(port: Int, spans: Int) async {
        var configuration = OTelConfiguration()
        configuration.endpoint = "http://127.0.0.1:\(port)"
        configuration.serviceName = "bench"
        configuration.metrics.exporters = []
        configuration.batch.maxQueueSize = 262_144
        configuration.shutdownTimeout = .seconds(60)
        let otel = OTel(configuration: configuration)
        otel.start()
        let tracer = otel.tracer
        let context = ServiceContext.topLevel
        let (wall, shutdown) = await seconds {
            for _ in 0..<spans { BenchSpan.make(tracer, in: context) }
            return await otel.shutdown()
        }
        report([
            ("spans", Double(spans)), ("seconds", wall), ("delivered", Double(shutdown.delivered)),
            ("dropped", Double(shutdown.dropped)), ("balanced", shutdown.isBalanced ? 1 : 0), ("mib", peakMemory()),
        ])
    }
}
