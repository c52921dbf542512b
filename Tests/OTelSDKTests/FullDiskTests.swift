import Testing

@testable import OTelSDK

@Suite("A full disk is said, and costs only what it cannot hold")
struct FullDiskTests {
    /// What a probe says at its end, by name.
    private func report(_ line: Substring) -> [Substring: Int] {
        let fields = line.split(separator: " ").dropFirst().map { $0.split(separator: "=") }
        return Dictionary(uniqueKeysWithValues: fields.compactMap { field in Int(field[1]).map { (field[0], $0) } })
    }

    @Test(
        "On a disk of its own that is too small, every span arrives with the next start, or is counted",
        .timeLimit(.minutes(1)),
        arguments: [200, 600, 4000]
    )
    func fullDisk(kibibytes: Int) throws {
        let directory = TemporaryDirectory()
        let output = directory.path + "/output"
        let collector = try NumberCollector()
        let port = String(collector.port)
        defer { collector.stop() }
        // The first program finds nothing at its port; the second one the collector, whose port is the third argument.
        let script = """
            set -e
            mkdir "$2/disk"
            mount -t tmpfs -o size=\(kibibytes)k none "$2/disk"
            "$1" "$2/disk/spool" 1 0 10000
            ls -l "$2/disk/spool" >&2
            "$1" "$2/disk/spool" "$3" 0 0
            umount "$2/disk"
            rmdir "$2/disk"
            """
        let shell = try Probe(
            [directory.path, port],
            output: output,
            by: ["/usr/bin/unshare", "--map-root-user", "--mount", "/bin/sh", "-c", script, "sh"]
        )
        #expect(shell.wait() == 0)
        let lines = String(decoding: directory.read("output"), as: UTF8.self).split(separator: "\n")
        let reports = lines.filter { $0.hasPrefix("report ") }
        try #require(reports.count == 2, "\(lines.suffix(20))")
        let (first, second) = (report(reports[0]), report(reports[1]))
        #expect(first["ended"] == 10000)
        #expect(reports.allSatisfy { $0.contains("balanced=true") })
        #expect(lines.contains { $0.hasPrefix("# ") && $0.contains("No space left on device") })
        let received = collector.received.ended
        #expect(received.count == 10000 - (first["dropped"] ?? 0), "\(reports)")
        #expect(received.count > 100 && second["resent"] == received.count, "\(reports)")
    }
}
