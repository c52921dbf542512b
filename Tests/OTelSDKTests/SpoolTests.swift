import Synchronization
import Testing

@testable import OTelSDK

@Suite("The spool keeps requests")
struct SpoolTests {
    private let record = SpoolRecord(signal: .traces, items: 3, request: Array(0...255))

    @Test("Files are private, and the oldest comes first")
    func order() async throws {
        let directory = TemporaryDirectory()
        let spool = Spool.stub(directory)
        for number in 1...3 {
            #expect(await spool.keep(.numbered(number)) == .kept(dropped: SpoolItems()))
        }
        #expect(directory.mode(of: "spool") == 0o700)
        #expect(directory.mode(of: "spool/" + (try #require(directory.spoolFiles.first))) == 0o600)
        #expect(await spool.count() == 3)
        #expect(await spool.drain() == [1, 2, 3])
        #expect(directory.names(in: "spool").isEmpty)
    }

    @Test("Requests share a file; what is done is not sent again, by whoever looks")
    func shared() async throws {
        let directory = TemporaryDirectory()
        let spool = Spool.stub(directory)
        for number in 1...4 { await spool.keep(.numbered(number)) }
        #expect(directory.spoolFiles.count == 1)
        #expect(await spool.drain(atMost: 2) == [1, 2])
        let next = Spool.stub(directory)
        #expect(await next.count() == 2)
        #expect(await next.drain() == [3, 4])
        #expect(directory.names(in: "spool").isEmpty)
    }

    @Test("What comes later is sent after what is there, whoever wrote it")
    func orderOfProcesses() async {
        let directory = TemporaryDirectory()
        let clock = Mutex<UInt64>(1)
        let spools = (0..<3).map { _ in
            Spool.stub(directory) { clock.withLock { $0 } }
        }
        for number in 1...30 {
            clock.withLock { $0 = UInt64(number / 10 + 1) }
            await spools[(number / 10) % 3].keep(.numbered(number))
        }
        #expect(await spools[0].drain() == Array(1...30))
    }

    @Test("While one process sends from a file, another leaves it alone, and takes the next")
    func exclusive() async {
        let directory = TemporaryDirectory()
        let (first, second) = (Spool.stub(directory), Spool.stub(directory))
        await first.keep(.numbered(1))
        guard case .record(_, let claim) = await first.next() else {
            Issue.record("nothing there")
            return
        }
        guard case .nothing = await second.next() else {
            Issue.record("sent twice")
            return
        }
        // Its own file is locked, so the first needs another one.
        await first.keep(.numbered(2))
        #expect(directory.spoolFiles.count == 2)
        #expect(await second.drain() == [2])
        await first.delete(claim)
        #expect(directory.spoolFiles.isEmpty)
    }

    @Test("Requests of a signal that nobody sends here wait, and hold up no others")
    func signals() async {
        let directory = TemporaryDirectory()
        let spool = Spool.stub(directory)
        for number in 1...6 {
            await spool.keep(SpoolRecord(signal: number % 3 == 0 ? .traces : .logs, items: number, request: [7]))
        }
        #expect(await spool.drain(of: [.traces]) == [3, 6])
        #expect(await Spool.stub(directory).drain(of: [.traces]) == [])
        #expect(await spool.count() == 4)
        #expect(await spool.drain(of: [.logs]) == [1, 2, 4, 5])
        #expect(directory.names(in: "spool").isEmpty)
    }

    @Test("A claim that is given up leaves the request to the next one who looks")
    func givenUp() async {
        let directory = TemporaryDirectory()
        let spool = Spool.stub(directory)
        await spool.keep(.numbered(1))
        _ = await spool.next()
        #expect(await spool.drain() == [1])
    }

    @Test("The bound holds: the oldest make room, and their items are counted by signal")
    func bound() async {
        let directory = TemporaryDirectory()
        let size = SpoolFrame.headerSize + record.request.count
        let spool = Spool.stub(directory, bytes: 2 * size)
        var dropped = SpoolItems()
        for number in 1...5 {
            let record = SpoolRecord(signal: number % 2 == 0 ? .logs : .traces, items: number, request: record.request)
            guard case .kept(let items) = await spool.keep(record) else { continue }
            dropped.spans += items.spans
            dropped.logRecords += items.logRecords
        }
        #expect(await spool.count() == 2)
        #expect(dropped == SpoolItems(spans: 4, logRecords: 2))
        let large = SpoolRecord(signal: .traces, items: 1, request: Array(repeating: 0, count: 2 * size))
        guard case .failed = await spool.keep(large) else {
            Issue.record("kept more than the bound")
            return
        }
        #expect(await spool.count() == 2)
    }

    @Test("A large spool stays within its bound at every moment, and gives up the oldest alone")
    func largeBound() async {
        let directory = TemporaryDirectory()
        let bound = 100_000
        let spool = Spool.stub(directory, bytes: bound)
        for number in 1...200 {
            await spool.keep(SpoolRecord(signal: .traces, items: number, request: Array(repeating: 7, count: 1000)))
            #expect(directory.bytes(in: "spool") <= bound)
        }
        let left = await spool.drain()
        #expect(left == Array((201 - left.count)...200) && left.count > 80)
    }

    @Test("What has become too old leaves the spool undelivered")
    func age() async {
        let directory = TemporaryDirectory()
        let clock = Mutex<UInt64>(0)
        let spool = Spool.stub(directory, age: .seconds(100)) { clock.withLock { $0 } }
        for number in 1...3 {
            clock.withLock { $0 = UInt64(number) * 50_000_000_000 }
            await spool.keep(.numbered(number))
        }
        clock.withLock { $0 = 200_000_000_001 }
        var expired: [Int] = []
        while case .expired(let record) = await spool.next() { expired.append(record.items) }
        #expect(expired == [1, 2])
        #expect(await spool.drain() == [3])
        #expect(directory.names(in: "spool").isEmpty)
    }

    @Test("A dead writer's remains are deleted, a directory that cannot be made is said")
    func remains() async {
        let directory = TemporaryDirectory()
        let spool = Spool.stub(directory)
        await spool.keep(record)
        directory.write([1], to: "spool/.tmp-dead.otlp")
        directory.write([], to: "spool/00000000000000000001-empty.otlp")
        await spool.clean()
        #expect(directory.names(in: "spool") == directory.spoolFiles)
        #expect(await spool.drain() == [3])
        #expect(directory.names(in: "spool").isEmpty)

        let impossible = Spool.stub("/proc/nowhere")
        guard case .failed(let reason) = await impossible.keep(record) else {
            Issue.record("kept in /proc")
            return
        }
        #expect(reason.contains("/proc/nowhere"))
        #expect(await impossible.count() == 0)
        guard case .nothing = await impossible.next() else {
            Issue.record("found something in /proc")
            return
        }
    }
}
