@testable import OTLPWire

extension FuzzTarget {
    /// What a killed process left in its record memory: as it stands, and with headers that can be found.
    static let records = FuzzTarget(name: "records") { bytes in
        for content in [bytes, extents(bytes)] {
            content.withUnsafeBytes { memory in
                let half = memory.count / 2
                for regions in [[memory], [.init(rebasing: memory[..<half]), .init(rebasing: memory[half...])]] {
                    encode(RecordRecovery.read(regions.map { UnsafeRawBufferPointer($0) }, lastChange: 1))
                }
            }
        }
    }

    /// Whatever was read is sent.
    private static func encode(_ groups: [RecordRecovery.Group]) {
        let spans = EncodedItems(
            resource: Resource(),
            spans: groups.map { ScopedSpans(scope: $0.scope, spans: $0.spans) }
        )
        let logs = EncodedItems(
            resource: Resource(),
            logs: groups.map { ScopedLogs(scope: $0.scope, records: $0.logs) }
        )
        guard (try? ExportTraceRequest.decode(Array(spans.request(0..<spans.count)))) != nil,
            (try? ExportLogsRequest.decode(Array(logs.request(0..<logs.count)))) != nil
        else { fatalError("what was recovered cannot be read") }
    }

    /// Extents of 1 KiB, each of a byte with the chain (2 bits), the place in it (2), the kind (2) and the state (2), a
    /// byte with the number of words in use, and these words.
    static func extents(_ bytes: [UInt8]) -> [UInt8] {
        var input = FuzzInput(bytes)
        var memory: [UInt8] = []
        while !input.isEmpty, memory.count < 1 << 16 {
            let (what, words) = (input.byte(), Int(input.byte()))
            let content = input.bytes(min(words * 8, Extent.smallestSize - Extent.headerSize))
            let used = Extent.headerSize + content.count / 8 * 8
            var extent = [UInt8](repeating: 0, count: Extent.headerSize) + content
            extent += [UInt8](repeating: 0, count: Extent.smallestSize - extent.count)
            extent.withUnsafeMutableBytes { bytes in
                let (id, index) = (UInt64(what & 3), UInt16(what >> 2 & 3))
                guard let base = bytes.baseAddress.map(Extent.init) else { return }
                base.format(size: Extent.smallestSize, place: .given)
                base.begin(id: id, index: index, kind: .init(rawValue: what >> 4 & 3) ?? .span, used: used)
                bytes[19] = what >> 6
                base.checksum = RecordChecksum.of(.init(rebasing: bytes[..<used]), id: id, index: index)
            }
            memory += extent
        }
        return memory
    }
}
