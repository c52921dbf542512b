import Instrumentation
import Testing
import Tracing

@testable import OTelSDK

#if canImport(Glibc)
import Glibc
#endif

extension OTelConfiguration {
    /// A configuration for tests: only traces unless said otherwise, diagnostics into the log, and bounds that no load of
    /// the machine reaches.
    static func stub(
        spool: String? = nil,
        hasMetrics: Bool = false,
        log: DiagnosticLog = DiagnosticLog(),
        _ change: (inout OTelConfiguration) -> Void = { _ in }
    ) -> OTelConfiguration {
        var configuration = OTelConfiguration()
        configuration.serviceName = "stub"
        configuration.shutdownTimeout = .seconds(60)
        configuration.exportTimeout = .seconds(60)
        configuration.metricExportTimeout = .seconds(60)
        configuration.spoolDirectory = spool
        configuration.selfObservability = false
        configuration.logs.exporters = []
        configuration.metrics.exporters = hasMetrics ? [.otlp] : []
        configuration.logs.exporters = []
        configuration.onDiagnostic = { log.note($0) }
        change(&configuration)
        return configuration
    }
}

extension OTel {
    /// The SDK with a fake collector and real time.
    static func stub(_ configuration: OTelConfiguration = .stub(), _ collector: FakeCollector) -> OTel {
        OTel(configuration: configuration, time: .real(), random: .system(), send: collector.send)
    }

    /// Makes and ends so many spans.
    func makeSpans(_ count: Int, named name: String = "work") {
        for _ in 0..<count { tracer.startSpan(name, context: .topLevel).end() }
    }
}

/// A directory of its own for each test, gone with it.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        path = "/tmp/otelsdk-tests-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        _ = unsafe mkdir(path, 0o700)
    }

    deinit {
        for name in names(in: "spool") { _ = unsafe unlink("\(path)/spool/\(name)") }
        _ = unsafe rmdir(path + "/spool")
        for name in names(in: "") { _ = unsafe unlink("\(path)/\(name)") }
        _ = unsafe rmdir(path)
    }

    var spool: String { path + "/spool" }

    /// Files that hold a whole request.
    var spoolFiles: [String] { names(in: "spool").filter { $0.hasSuffix(".otlp") } }

    func names(in directory: String) -> [String] {
        guard let handle = unsafe opendir("\(path)/\(directory)") else { return [] }
        defer { unsafe closedir(handle) }
        var names: [String] = []
        while let entry = unsafe readdir(handle) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    func write(_ bytes: [UInt8], to name: String) {
        guard let file = unsafe fopen("\(path)/\(name)", "w") else {
            Issue.record("cannot write \(name)")
            return
        }
        _ = unsafe fwrite(bytes, 1, bytes.count, file)
        unsafe fclose(file)
    }

    func mode(of name: String) -> UInt32 {
        var status = stat()
        _ = unsafe stat("\(path)/\(name)", &status)
        return UInt32(status.st_mode) & 0o777
    }
}
