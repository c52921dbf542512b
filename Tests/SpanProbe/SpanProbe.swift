import Glibc
import OTelSDK
import Tracing

/// A program to be killed: ends numbered spans without pause and says each number once its span has ended.
///
///     SpanProbe SPOOL PORT FIRST [COUNT]
///
/// Span number n has the name `n` and the attribute `n`. A span `open` with the attribute FIRST is never ended. With a
/// COUNT it makes so many spans and shuts down; 0 only sends what others left.
@main
struct SpanProbe {
    static func main() async {
        let words = CommandLine.arguments
        guard words.count >= 4, let first = Int64(words[3]) else { exit(64) }
        let count = words.count > 4 ? Int64(words[4]) : nil
        var configuration = OTelConfiguration()
        configuration.serviceName = "probe"
        configuration.spoolDirectory = words[1]
        configuration.endpoint = "http://127.0.0.1:\(words[2])"
        configuration.batch.maxQueueSize = 1 << 20
        configuration.batch.scheduleDelay = .milliseconds(5)
        configuration.metrics.exporters = []
        configuration.shutdownTimeout = .seconds(20)
        configuration.onDiagnostic = { say("# \($0)\n") }
        let otel = OTel(configuration: configuration)
        otel.start()
        var open: OTelSpan?
        if count == nil {
            open = otel.tracer.startSpan("open", context: .topLevel)
            open?.attributes["n"] = first
            say("open \(first)\n")
        }
        // A span that nobody holds any more would not be open.
        defer { withExtendedLifetime(open) {} }
        var number = first
        while count == nil || number < first + (count ?? 0) {
            let span = otel.tracer.startSpan("n", context: .topLevel)
            span.attributes["n"] = number
            span.end()
            say("\(number)\n")
            number += 1
            if number % 16 == 0 { usleep(300) }
        }
        let report = await otel.shutdown()
        say(
            "report ended=\(report.ended) delivered=\(report.delivered) spooled=\(report.spooled) dropped=\(report.dropped) "
                + "waiting=\(report.waitingRequests) resent=\(report.resentSpans) balanced=\(report.isBalanced)\n"
        )
    }

    /// One write, so that a line is there whole or not at all.
    private static func say(_ line: String) {
        let bytes = Array(line.utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(1, $0.baseAddress, $0.count) }
    }
}
