import OTelSDK
import Tracing

/// What starting a span, setting its attributes and ending it costs the caller: the batch that is gathered is then sent
/// while nobody measures.
enum CallerCost {
    private static let portion = 2_000

    static func run(spans: Int, attributes: Int) async {
        let keys = (0..<attributes).map { "attribute.number.\($0)" }
        let own = await measure(spans) { tracer, context in BenchSpan.make(tracer, in: context) }
        let generic = await measure(spans) { tracer, context in BenchSpan.makeGeneric(tracer, in: context) }
        let grown = await measure(spans) { tracer, context in BenchSpan.make(tracer, in: context, keys: keys) }
        report([("own_ns", own), ("generic_ns", generic), ("attributes", Double(attributes)), ("grown_ns", grown)])
    }

    private static func measure(_ spans: Int, _ body: (OTelTracer, ServiceContext) -> Void) async -> Double {
        var configuration = OTelConfiguration()
        configuration.serviceName = "bench"
        configuration.traces.exporters = [.file("/dev/null")]
        configuration.metrics.exporters = []
        configuration.batch.maxQueueSize = 4 * portion
        configuration.batch.maxExportBatchSize = 4 * portion
        let otel = OTel(configuration: configuration)
        otel.start()
        let tracer = otel.tracer
        let parent = tracer.startSpan("parent", context: .topLevel)
        let context = parent.context
        var best = Double.infinity
        for _ in 0..<max(1, spans / portion) {
            let (taken, _) = await seconds { for _ in 0..<portion { body(tracer, context) } }
            best = min(best, taken / Double(portion) * 1e9)
            await otel.flush()
        }
        parent.end()
        await otel.shutdown()
        return best
    }
}
