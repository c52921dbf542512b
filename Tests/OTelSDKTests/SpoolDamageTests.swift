import Testing

@testable import OTelSDK

@Suite("Damage in the spool costs only itself")
struct SpoolDamageTests {
    /// Three requests in one file, and its bytes.
    private func threeRequests() async throws -> (name: String, bytes: [UInt8]) {
        let directory = TemporaryDirectory()
        let spool = Spool.stub(directory)
        for number in 1...3 { await spool.keep(.numbered(number)) }
        let name = try #require(directory.spoolFiles.first)
        return (name, directory.read("spool/\(name)"))
    }

    private func drain(_ name: String, _ bytes: [UInt8]) async -> (sent: [Int], left: [String]) {
        let directory = TemporaryDirectory()
        _ = await Spool.stub(directory).keep(.numbered(9))
        for name in directory.spoolFiles { directory.delete("spool/\(name)") }
        directory.write(bytes, to: "spool/\(name)")
        let sent = await Spool.stub(directory).drain()
        return (sent, directory.names(in: "spool"))
    }

    @Test("The checksum notices every change of one bit, and every length")
    func checksum() {
        let bytes = (0..<41).map { UInt8($0) }
        var seen: Set<UInt64> = []
        for count in 0...bytes.count { #expect(seen.insert(Checksum.mixed(bytes.prefix(count))).inserted) }
        for bit in 0..<bytes.count * 8 {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(seen.insert(Checksum.mixed(changed[...])).inserted)
        }
        #expect(Checksum.crc32([UInt8]("123456789".utf8)[...]) == 0xCBF4_3926)
    }

    @Test("A header whose length no request can have is none, although its checksum holds", arguments: [32, 62, 63])
    func impossibleLength(bit: Int) throws {
        let record = SpoolRecord(signal: .traces, items: 1, request: [1])
        var bytes = SpoolFrame.header(of: record, time: 1)
        #expect(try #require(SpoolFrame(bytes[...])).length == 1)
        bytes[16 + bit / 8] = 1 << UInt8(bit % 8)
        var sum: [UInt8] = []
        sum.append(littleEndian: Checksum.mixed(bytes.prefix(40)))
        bytes.replaceSubrange(40..<48, with: sum)
        #expect(SpoolFrame(bytes[...]) == nil)
    }

    @Test("A byte that changed costs the request that it is in, at most", .timeLimit(.minutes(1)))
    func changed() async throws {
        let (name, bytes) = try await threeRequests()
        let size = bytes.count / 3
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 1 << UInt8(place % 8)
            let (sent, left) = await drain(name, changed)
            let isMark = place % size >= 48 && place % size < 56
            #expect(sent == (isMark ? [1, 2, 3] : [1, 2, 3].filter { $0 != place / size + 1 }), "byte \(place)")
            #expect(left == (isMark ? [] : [name + ".corrupt"]), "byte \(place)")
        }
    }

    @Test("A torn tail costs only itself, and bytes too many cost nothing", .timeLimit(.minutes(1)))
    func torn() async throws {
        let (name, bytes) = try await threeRequests()
        let size = bytes.count / 3
        for count in bytes.indices {
            let (sent, left) = await drain(name, Array(bytes.prefix(count)))
            #expect(sent == Array([1, 2, 3].prefix(count / size)), "\(count) bytes")
            #expect(left == (count % size == 0 ? [] : [name + ".corrupt"]), "\(count) bytes")
        }
        #expect(await drain(name, bytes + [0]).sent == [1, 2, 3])
        #expect(await drain(name, [UInt8](repeating: 0x4F, count: 300_000) + bytes).sent == [1, 2, 3])
    }

    @Test("A file that is no spool file is set aside and said once, and the rest is sent")
    func nonsense() async {
        let directory = TemporaryDirectory()
        let spool = Spool.stub(directory)
        await spool.keep(.numbered(1))
        directory.write([1, 2, 3], to: "spool/00000000000000000001-torn.otlp")
        var corrupt: [String] = []
        var sent: [Int] = []
        loop: while true {
            switch await spool.next() {
            case .record(let record, let claim):
                sent.append(record.items)
                await spool.delete(claim)
            case .corrupt(let name): corrupt.append(name)
            case .expired, .nothing: break loop
            }
        }
        #expect(sent == [1] && corrupt == ["00000000000000000001-torn.otlp"])
        #expect(directory.names(in: "spool") == ["00000000000000000001-torn.otlp.corrupt"])
    }

    @Test("A file of the first form is read and sent", arguments: [0, 1, 255])
    func firstForm(length: Int) async throws {
        // As version 1 wrote it: 32 bytes of header with two CRC-32, then the request.
        let request = Array(repeating: UInt8(0xAB), count: length)
        var bytes = [UInt8]("OTLPSPOL".utf8) + [1, 1, 0, 0, 7, 0, 0, 0, UInt8(length), 0, 0, 0, 0, 0, 0, 0]
        bytes.append(littleEndian: Checksum.crc32(request[...]))
        bytes.append(littleEndian: Checksum.crc32(bytes[...]))
        let name = "01700000000000000000-00000001-abc.otlp"
        #expect(await drain(name, bytes + request) == ([7], []))
        bytes[12] = 8
        #expect(await drain(name, bytes + request) == ([], [name + ".corrupt"]))
    }
}
