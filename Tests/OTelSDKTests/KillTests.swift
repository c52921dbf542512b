import Testing

@testable import OTelSDK

#if canImport(Glibc)
import Glibc
#endif

@Suite("What had ended is never lost by kill -9")
struct KillTests {
    @Test("200 kills at random moments, with a collector that comes and goes", .timeLimit(.minutes(3)))
    func kills() async throws {
        let directory = TemporaryDirectory()
        let output = directory.path + "/output"
        let collector = try NumberCollector()
        defer { collector.stop() }
        var random = SystemRandomNumberGenerator()
        for round in 0..<100 {
            if round % 9 == 4 { collector.stop() }
            if round % 9 == 8 { try collector.start() }
            let probes = try (0..<2).map { place in
                let first = String((round * 2 + place) * 1_000_000)
                return try Probe([directory.spool, String(collector.port), first], output: output)
            }
            for probe in probes {
                usleep(.random(in: 1_000...50_000, using: &random))
                probe.kill()
            }
        }
        try collector.start()
        // One start sends all, unless the machine is so busy that half of its bound passes before.
        var starts = 0
        repeat {
            let last = try Probe([directory.spool, String(collector.port), "0", "0"], output: output)
            #expect(last.wait() == 0)
            starts += 1
        } while !directory.names(in: "spool").isEmpty && starts < 10

        let lines = String(decoding: directory.read("output"), as: UTF8.self).split(separator: "\n")
        let ended = lines.compactMap { Int64($0) }
        let opened = lines.compactMap { $0.hasPrefix("open ") ? Int64($0.dropFirst(5)) : nil }
        let received = collector.received
        let missing = ended.filter { received.ended[$0] == nil }
        let summary = """
            \(opened.count) of 200 processes came to record something; \(ended.count) spans had ended, \
            \(received.ended.count) arrived, \(received.ended.values.reduce(0) { $0 + $1 - 1 }) more than once, \
            \(received.open.count) were open
            """
        #expect(missing.count == 0, "\(missing.count) are missing: \(missing.prefix(20)); \(summary)")
        let missingOpen = opened.filter { received.open[$0] != "process_killed" }
        #expect(missingOpen.count == 0, "\(missingOpen.prefix(20)); \(summary)")
        #expect(opened.count > 20 && ended.count > 1000, "\(summary)")
        let said = lines.filter { $0.hasPrefix("#") || $0.hasPrefix("report") }.suffix(10)
        #expect(directory.names(in: "spool").count == 0, "\(said)")
        print(summary)
    }
}
