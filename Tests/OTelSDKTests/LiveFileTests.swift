import OTLPWire
import Synchronization
import SystemPackage
import Testing

@testable import OTelSDK

@Suite("Records live in a file that outlives the process")
struct LiveFileTests {
    private let header = LiveFileHeader(
        process: 4711,
        start: 1_700_000_000_000_000_000,
        resource: Resource(
            attributes: [Attribute(key: "service.name", value: .string("dead"))],
            schemaURL: "https://opentelemetry.io/schemas/1.37.0"
        )
    )

    private func liveFile(
        _ path: String,
        bytes: Int = 8 << 20,
        onFailure: @escaping @Sendable (String) -> Void = { _ in }
    ) -> LiveFile {
        LiveFile(
            directory: SpoolDirectory(path: FilePath(path)),
            header: header,
            maximumBytes: bytes,
            unique: 0xABC,
            onFailure: onFailure
        )
    }

    private func read(_ path: String) throws -> (header: LiveFileHeader, regions: [[UInt8]])? {
        let file = try FileDescriptor.open(FilePath(path), .readOnly)
        defer { try? file.close() }
        guard let (header, regions) = try LiveFileHeader.read(file) else { return nil }
        return (header, try regions.map { try SpoolDirectory.read(file, at: $0.lowerBound, count: $0.count) })
    }

    @Test("Nothing is made before the first region; what is written is in the file, and it goes when all is done")
    func regions() throws {
        let directory = TemporaryDirectory()
        let live = liveFile(directory.spool)
        #expect(directory.names(in: "spool").isEmpty)
        let sizes = [1, 300_000, 5_000_000]
        for (number, size) in sizes.enumerated() {
            guard let region = unsafe live.makeRegion(atLeast: size) else {
                Issue.record("no region of \(size)")
                return
            }
            #expect(region.count >= size)
            #expect(unsafe region.allSatisfy { $0 == 0 })
            unsafe region[0] = UInt8(number + 1)
            unsafe region[region.count - 1] = 0xEE
        }
        let name = try #require(directory.names(in: "spool").first)
        #expect(directory.names(in: "spool") == ["01700000000000000000-4711-abc.live"])
        #expect(directory.mode(of: "spool/\(name)") == 0o600)
        let left = try #require(try read("\(directory.spool)/\(name)"))
        #expect(left.header == header)
        #expect(left.regions.map(\.first) == [1, 2, 3] && left.regions.allSatisfy { $0.last == 0xEE })
        live.delete()
        #expect(directory.names(in: "spool").isEmpty)
        #expect(unsafe live.makeRegion(atLeast: 1) == nil)
    }

    @Test("While the process lives nobody else gets its file; an instance that is gone leaves it to the others")
    func lock() throws {
        let directory = TemporaryDirectory()
        let place = SpoolDirectory(path: FilePath(directory.spool))
        var live: LiveFile? = liveFile(directory.spool)
        #expect(unsafe live?.makeRegion(atLeast: 1) != nil)
        let name = try #require(directory.names(in: "spool").first)
        #expect(try place.lock(name).isNil)
        #expect(TelemetrySpool(directory: directory.spool).livingProcesses == [4711])
        live = nil
        #expect(try !place.lock(name).isNil)
    }

    @Test("The file stays within its bound, and that is said once")
    func bound() throws {
        let directory = TemporaryDirectory()
        let failures = Mutex<[String]>([])
        let live = liveFile(directory.spool, bytes: 1 << 20) { line in failures.withLock { $0.append(line) } }
        var bytes = 0
        while let region = unsafe live.makeRegion(atLeast: 1024) { bytes += region.count }
        for _ in 0..<100 { #expect(unsafe live.makeRegion(atLeast: 1024) == nil) }
        #expect(bytes > 900_000 && directory.bytes(in: "spool") <= 1 << 20)
        #expect(failures.withLock { $0.count } == 1)
    }

    @Test("A header with any byte changed, or cut anywhere, is none, or it says the same")
    func damage() throws {
        let directory = TemporaryDirectory()
        let live = liveFile(directory.spool)
        _ = unsafe live.makeRegion(atLeast: 1)
        let name = try #require(directory.names(in: "spool").first)
        let bytes = Array(directory.read("spool/\(name)").prefix(header.bytes.count + 8192))
        let path = directory.path + "/changed"
        let described = 56 + 16
        for place in Array(0..<200) + Array(4100..<4300) {
            var changed = bytes
            changed[place] ^= 0x10
            directory.write(changed, to: "changed")
            let left = try read(path)
            #expect(left == nil || left?.header == header, "byte \(place)")
            #expect(left == nil || left?.regions.count == (56..<described ~= place ? 0 : 1), "byte \(place)")
        }
        for count in stride(from: 0, to: bytes.count, by: 61) {
            directory.write(Array(bytes.prefix(count)), to: "changed")
            let left = try read(path)
            #expect((left == nil) == (count < header.bytes.count), "\(count) bytes")
        }
    }

    @Test("A file that holds no records is set aside once, said, and does not stop the others")
    func nonsense() async {
        let directory = TemporaryDirectory()
        let spool = Spool.stub(directory)
        await spool.keep(.numbered(1))
        directory.write([1, 2, 3], to: "spool/01700000000000000000-1-1.live")
        directory.write(Array(repeating: 0x4F, count: 10000), to: "spool/01700000000000000000-1-2.live")
        #expect(
            await spool.recover(maximumRequest: 1 << 20) == [
                .corrupt(name: "01700000000000000000-1-1.live"), .corrupt(name: "01700000000000000000-1-2.live"),
            ]
        )
        #expect(await spool.recover(maximumRequest: 1 << 20).isEmpty)
        #expect(TelemetrySpool(directory: directory.spool).damagedFiles == 2)
        #expect(await spool.drain() == [1])
    }
}

extension Optional where Wrapped: ~Copyable {
    fileprivate var isNil: Bool {
        switch self {
        case .none: true
        case .some: false
        }
    }
}
