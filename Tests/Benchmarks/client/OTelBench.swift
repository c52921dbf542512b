import Glibc

/// The side of the benchmark that uses OTelSDK, as any program would: its public API and nothing else.
///
/// `otel-bench PORT CASE [COUNT [ATTRIBUTES]]` and `otel-bench PORT process [SPOOL]` print one JSON object. `Tests/Benchmarks/bench.py` runs it.
@main
enum OTelBench {
    static func main() async {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3, let port = Int(arguments[1]) else {
            fail("usage: otel-bench PORT CASE [COUNT [ATTRIBUTES]]")
        }
        let count = arguments.count > 3 ? Int(arguments[3]) ?? 0 : 0
        let attributes = arguments.count > 4 ? Int(arguments[4]) ?? 0 : 8
        switch arguments[2] {
        case "endtoend": await EndToEnd.run(port: port, spans: count)
        case "rate": await EndToEnd.run(port: port, spans: count, perSecond: 10_000)
        case "burst": await EndToEnd.burst(port: port, spans: count)
        case "caller": await CallerCost.run(spans: count, attributes: attributes)
        case "counters": await CounterCost.run(adds: count)
        case "process": await OneProcess.run(port: port, spool: arguments.count > 3 ? arguments[3] : nil)
        default: fail("unknown case \(arguments[2])")
        }
    }

    static func fail(_ message: String) -> Never {
        let line = "otel-bench: \(message)\n"
        _ = unsafe line.withCString { unsafe write(STDERR_FILENO, $0, line.utf8.count) }
        exit(64)
    }
}

/// Prints one JSON object of numbers.
func report(_ values: [(String, Double)]) {
    let fields = values.map { "\"\($0.0)\":\($0.1)" }
    print("{" + fields.joined(separator: ",") + "}")
}

/// Seconds of CPU that the process has used, all threads together.
func cpuSeconds() -> Double {
    let usage = resourceUsage()
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

/// The most memory that was ever resident, in MiB; not `ru_maxrss`, in which Linux counts who started the process.
func peakMemory() -> Double {
    guard let file = unsafe fopen("/proc/self/status", "r") else { return .nan }
    defer { unsafe fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while unsafe fgets(&line, Int32(line.count), file) != nil {
        let words = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            .split { $0 == " " || $0 == "\t" }
        if words.first == "VmHWM:", words.count > 1 { return (Double(words[1]) ?? .nan) / 1024 }
    }
    return .nan
}

private func resourceUsage() -> rusage {
    var usage = rusage()
    _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage
}

/// Seconds from the start of `body` to its end, and its result.
func seconds<Result>(_ body: () async -> Result) async -> (Double, Result) {
    let clock = ContinuousClock()
    let start = clock.now
    let result = await body()
    return ((clock.now - start) / .seconds(1), result)
}
