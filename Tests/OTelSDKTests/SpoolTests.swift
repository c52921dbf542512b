import Testing

@testable import OTelSDK

@Suite("The spool keeps whole requests")
struct SpoolTests {
    private let record = SpoolRecord(signal: .traces, items: 3, request: Array(0...255))

    private func spool(_ directory: TemporaryDirectory, bytes: Int = 1 << 20) -> Spool {
        Spool(path: directory.spool, maximumBytes: bytes, time: .real(), random: .system())
    }

    @Test("A record comes out of its file as it went in")
    func roundTrip() {
        #expect(SpoolRecord(fileContents: record.fileContents) == record)
        let empty = SpoolRecord(signal: .metrics, items: 0, request: [])
        #expect(SpoolRecord(fileContents: empty.fileContents) == empty)
        #expect(CRC32.checksum([UInt8]("123456789".utf8)[...]) == 0xCBF4_3926)
    }

    @Test("A file that is cut, longer, or wrong in any one bit is not a record")
    func corruption() {
        let bytes = record.fileContents
        for count in 0..<bytes.count { #expect(SpoolRecord(fileContents: Array(bytes.prefix(count))) == nil) }
        #expect(SpoolRecord(fileContents: bytes + [0]) == nil)
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1 << UInt8(index % 8)
            #expect(SpoolRecord(fileContents: changed) == nil, "byte \(index)")
        }
    }

    @Test("Files are private, and the oldest comes first")
    func order() async throws {
        let directory = TemporaryDirectory()
        let spool = spool(directory)
        for number in 1...3 {
            let result = await spool.keep(SpoolRecord(signal: .traces, items: number, request: [UInt8(number)]))
            guard case .kept(droppedSpans: 0) = result else {
                Issue.record("\(result)")
                return
            }
        }
        #expect(directory.mode(of: "spool") == 0o700)
        #expect(directory.mode(of: "spool/" + (try #require(directory.spoolFiles.first))) == 0o600)
        for number in 1...3 {
            guard case .record(let record, let claim) = await spool.next() else {
                Issue.record("record \(number) is missing")
                return
            }
            #expect(record.items == number)
            await spool.delete(claim)
        }
        #expect(directory.names(in: "spool").isEmpty)
    }

    @Test("While one process sends a file, another leaves the spool alone")
    func exclusive() async {
        let directory = TemporaryDirectory()
        _ = await spool(directory).keep(record)
        let (first, second) = (spool(directory), spool(directory))
        guard case .record(_, let claim) = await first.next() else {
            Issue.record("nothing there")
            return
        }
        guard case .nothing = await second.next() else {
            Issue.record("sent twice")
            return
        }
        withExtendedLifetime(claim) {}
    }

    @Test("A file that is no record is set aside, and the next one is sent")
    func setAside() async {
        let directory = TemporaryDirectory()
        let spool = spool(directory)
        _ = await spool.keep(record)
        directory.write([1, 2, 3], to: "spool/00000000000000000001-torn.otlp")
        guard case .corrupt = await spool.next() else {
            Issue.record("not noticed")
            return
        }
        guard case .record(record, _) = await spool.next() else {
            Issue.record("the whole one is missing")
            return
        }
        #expect(directory.names(in: "spool").contains("00000000000000000001-torn.otlp.corrupt"))
    }

    @Test("The bound holds: the oldest make room, and their spans are counted")
    func bound() async {
        let directory = TemporaryDirectory()
        let size = record.fileContents.count
        let spool = spool(directory, bytes: 2 * size)
        var dropped = 0
        for _ in 1...5 {
            if case .kept(let spans) = await spool.keep(record) { dropped += spans }
        }
        #expect(directory.spoolFiles.count == 2)
        #expect(dropped == 9)
        let large = SpoolRecord(signal: .traces, items: 1, request: Array(repeating: 0, count: 2 * size))
        guard case .failed = await spool.keep(large) else {
            Issue.record("kept more than the bound")
            return
        }
        #expect(directory.spoolFiles.count == 2)
    }

    @Test("A dead writer's remains are deleted, a directory that cannot be made is said")
    func remains() async {
        let directory = TemporaryDirectory()
        let spool = spool(directory)
        _ = await spool.keep(record)
        directory.write([1], to: "spool/.tmp-dead.otlp")
        await spool.clean()
        #expect(directory.names(in: "spool") == directory.spoolFiles)

        let impossible = Spool(path: "/proc/nowhere", maximumBytes: 1 << 20, time: .real(), random: .system())
        guard case .failed(let reason) = await impossible.keep(record) else {
            Issue.record("kept in /proc")
            return
        }
        #expect(reason.contains("/proc/nowhere"))
        #expect(await impossible.count() == 0)
    }
}
