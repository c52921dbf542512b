import OTLPWire
import SystemPackage
import Testing

@testable import OTelSDK

#if canImport(Glibc)
import Glibc
#endif

@Suite("What a killed process left is taken over")
struct RecoveryTests {
    private let resource = Resource(attributes: [Attribute(key: "service.name", value: .string("dead"))])

    /// Leaves a file as a killed process does: so many spans ended, one open, one delivered before.
    private func die(_ directory: TemporaryDirectory, ended: Int, process: Int32 = 4711) {
        let live = LiveFile(
            directory: SpoolDirectory(path: FilePath(directory.spool)),
            header: LiveFileHeader(process: process, start: 1, resource: resource),
            maximumBytes: 1 << 22,
            unique: 0xABC,
            onFailure: { Issue.record("\($0)") }
        )
        let store = RecordStore(memory: live)
        let scope = store.scope(InstrumentationScope(name: "scope", version: "2"))
        func span(_ number: Int) -> RecordDraft {
            let start = RecordStart(
                traceID: TraceID(high: 1, low: 2),
                spanID: SpanID(value: UInt64(number)),
                time: UInt64(number)
            )
            var draft = RecordDraft.span(start, scope: scope, in: store)
            draft.setName("span \(number)", in: store)
            return draft
        }
        store.release([span(1000).finish(endTime: 2000, in: store)])
        let open = span(2000)
        for number in 1...ended { _ = span(number).finish(endTime: UInt64(number) + 5, in: store) }
        #expect(store.fallbacks == 0 && !store.isEmpty)
        withExtendedLifetime(open) {}
    }

    /// Takes out what is there: the spans.
    private func spans(_ spool: Spool) async throws -> [SpanRecord] {
        var spans: [SpanRecord] = []
        while case .record(let record, let claim) = await spool.next() {
            let requests = try ExportTraceRequest.decode(Array(record.request))
            #expect(requests.allSatisfy { $0.resource == resource })
            #expect(requests.flatMap(\.scopes).allSatisfy { $0.scope.version == "2" })
            spans += requests.flatMap(\.scopes).flatMap(\.spans)
            #expect(record.items == requests.flatMap(\.scopes).flatMap(\.spans).count)
            await spool.delete(claim)
        }
        return spans
    }

    @Test("Ended spans come back as they were, open ones as killed, delivered ones not at all")
    func recovered() async throws {
        let directory = TemporaryDirectory()
        die(directory, ended: 20)
        let status = TelemetrySpool(directory: directory.spool)
        #expect(status.killedProcesses == [4711] && status.spansOfKilledProcesses == 21 && status.requests == 0)
        let spool = Spool.stub(directory, age: .seconds(1 << 40))
        let found = await spool.recover(maximumRequest: 1 << 20)
        #expect(found == [.kept(SpoolItems(spans: 21), process: 4711, dropped: SpoolItems())])
        #expect(TelemetrySpool(directory: directory.spool).spans == 21)
        let spans = try await spans(spool)
        let ended = spans.filter { $0.status.code == .unset }
        #expect(ended.map(\.name) == (1...20).map { "span \($0)" })
        #expect(ended.allSatisfy { $0.endTime == $0.startTime + 5 })
        let killed = try #require(spans.first { $0.status.code == .error })
        #expect(spans.count == 21 && killed.name == "span 2000" && killed.endTime >= killed.startTime)
        #expect(killed.attributes == [Attribute(key: "error.type", value: .string("process_killed"))])
        #expect(directory.names(in: "spool").isEmpty)
    }

    @Test("Who looks at the spool at the same time keeps nobody from it", .timeLimit(.minutes(1)))
    func lookers() async {
        let directory = TemporaryDirectory()
        let path = directory.spool
        let looker = Task.detached {
            while !Task.isCancelled { _ = TelemetrySpool(directory: path) }
        }
        for _ in 0..<25 {
            // No process has such a number.
            die(directory, ended: 100, process: 1 << 23)
            #expect(await Spool.stub(directory).recover(maximumRequest: 1 << 20).count == 1)
            for name in directory.spoolFiles { directory.delete("spool/\(name)") }
        }
        looker.cancel()
        await looker.value
    }

    @Test("A large file becomes requests that fit, all in one file")
    func split() async throws {
        let directory = TemporaryDirectory()
        die(directory, ended: 500)
        let spool = Spool.stub(directory, age: .seconds(1 << 40))
        _ = await spool.recover(maximumRequest: 2000)
        #expect(directory.spoolFiles.count == 1 && directory.names(in: "spool").count == 1)
        #expect(await spool.count() > 10)
        #expect(try await spans(spool).count == 501)
    }

    @Test("Killed while it takes over, the next one loses nothing and doubles nothing")
    func killedInBetween() async throws {
        let directory = TemporaryDirectory()
        die(directory, ended: 20)
        let name = try #require(directory.names(in: "spool").first)
        let (file, copy) = ("\(directory.spool)/\(name)", "\(directory.path)/copy")
        #expect(unsafe link(file, copy) == 0)
        let spool = Spool.stub(directory, age: .seconds(1 << 40))
        // Before the new name: half of a file is there under a passing one.
        directory.write([1, 2, 3], to: "spool/.tmp-00000000000000000001-00000000-abc.otlp")
        #expect(await spool.recover(maximumRequest: 1 << 20).count == 1)
        // After it: the old file has not been deleted yet.
        #expect(unsafe rename(copy, file) == 0)
        #expect(await spool.recover(maximumRequest: 1 << 20).isEmpty)
        #expect(await spool.count() == 1)
        await spool.clean()
        #expect(directory.names(in: "spool") == directory.spoolFiles)
        #expect(try await spans(spool).count == 21)
    }

    @Test("Two processes that start at once take it over once")
    func twoAtOnce() async throws {
        let directory = TemporaryDirectory()
        die(directory, ended: 20)
        let spools = (0..<2).map { _ in Spool.stub(directory, age: .seconds(1 << 40)) }
        async let first = spools[0].recover(maximumRequest: 1 << 20)
        async let second = spools[1].recover(maximumRequest: 1 << 20)
        #expect(await first.count + second.count == 1)
        #expect(await spools[0].count() == 1)
    }

    @Test("Where there is no room for requests they are handed out, and the file stays until they are sent")
    func direct() async throws {
        let directory = TemporaryDirectory()
        die(directory, ended: 20)
        let spool = Spool.stub(directory, bytes: 500)
        for _ in 0..<2 {
            guard case .direct(let requests, let remains, 4711)? = await spool.recover(maximumRequest: 1 << 20).first
            else {
                Issue.record("not handed out")
                return
            }
            #expect(requests.map(\.items) == [21])
            // While somebody sends it nobody else does.
            #expect(await Spool.stub(directory, bytes: 500).recover(maximumRequest: 1 << 20).isEmpty)
            withExtendedLifetime(remains) {}
        }
        guard case .direct(_, let remains, _)? = await spool.recover(maximumRequest: 1 << 20).first else { return }
        await spool.delete(remains)
        #expect(directory.names(in: "spool").isEmpty)
    }

    @Test("Damage costs the span that it is in", .timeLimit(.minutes(1)))
    func damage() async throws {
        let directory = TemporaryDirectory()
        die(directory, ended: 20)
        let name = try #require(directory.names(in: "spool").first)
        let bytes = directory.read("spool/\(name)")
        let start = bytes.count - (256 << 10)
        directory.delete("spool/\(name)")
        for place in stride(from: start, to: start + 24_000, by: 401) {
            var changed = bytes
            changed[place] ^= 0x55
            directory.write(changed, to: "spool/\(name)")
            let spool = Spool.stub(directory, age: .seconds(1 << 40))
            _ = await spool.recover(maximumRequest: 1 << 20)
            let waiting = TelemetrySpool(directory: directory.spool)
            #expect((20...21).contains(waiting.spans), "byte \(place)")
            for name in directory.names(in: "spool") { directory.delete("spool/\(name)") }
        }
    }
}
