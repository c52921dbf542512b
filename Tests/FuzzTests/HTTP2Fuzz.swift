@testable import GRPCTransport

extension FuzzTarget {
    /// What a server sends, cut anywhere, to a client with two calls under way.
    static let http2Client = FuzzTarget(name: "http2-client") { bytes in
        guard let session = try? HTTP2Session(role: .client) else { return }
        var greeting = PeerGreeting()
        var assemblers: [Int32: ResponseAssembler] = [:]
        let fields = [
            HeaderField(":method", "POST"), HeaderField(":scheme", "http"), HeaderField(":path", "/a.B/C"),
            HeaderField(":authority", "x"),
        ]
        for _ in 0..<2 {
            guard let stream = try? session.submitRequest(fields, body: HTTP2Body([0, 0, 0, 0, 1, 7])) else { return }
            assemblers[stream] = ResponseAssembler(limit: 1 << 16)
        }
        let sink = DiscardingStream()
        var input = FuzzInput(bytes)
        let step = Int(input.byte()) + 1
        while !input.isEmpty {
            let part = input.bytes(step)
            greeting.receive(part)
            guard (try? part.withUnsafeBufferPointer { try session.receive($0) }) != nil else { return }
            for event in session.takeEvents() { take(event, &assemblers, session) }
            guard (try? session.collectOutput(limit: 1 << 16)) != nil else { return }
            _ = session.write(to: sink)
            guard session.isAlive else { return }
        }
    }

    private static func take(_ event: HTTP2Event, _ calls: inout [Int32: ResponseAssembler], _ session: HTTP2Session) {
        switch event {
        case .headers(let stream, let fields, let endsStream):
            if calls[stream]?.receive(fields, endsStream: endsStream) != nil {
                try? session.reset(stream: stream, .cancel)
            }
        case .data(let stream, let bytes):
            if calls[stream]?.receive(bytes) != nil { try? session.reset(stream: stream, .cancel) }
        case .endOfStream(let stream): _ = calls[stream]?.endOfStream()
        case .closed(let stream, _): calls[stream] = nil
        default: break
        }
    }

    /// Header blocks (lines `name:value`, an empty line at the end) and data, by turns.
    static let response = FuzzTarget(name: "response") { bytes in
        var input = FuzzInput(bytes)
        var assembler = ResponseAssembler(limit: 1 << 12)
        while !input.isEmpty {
            let kind = input.byte()
            if kind & 1 == 0 {
                if assembler.receive(input.bytes(Int(kind >> 1))) != nil { return }
            } else {
                if assembler.receive(fields(&input), endsStream: kind & 2 != 0) != nil { return }
            }
        }
        _ = assembler.endOfStream()
    }

    /// The server's side of the same.
    static let requestAssembler = FuzzTarget(name: "request") { bytes in
        var input = FuzzInput(bytes)
        var assembler = RequestAssembler(fields(&input), limit: 1 << 12)
        _ = assembler.refusal
        while !input.isEmpty {
            if assembler.receive(input.bytes(Int(input.byte()))) != nil { return }
        }
        _ = assembler.endOfStream()
    }

    private static func fields(_ input: inout FuzzInput) -> [HeaderField] {
        var fields: [HeaderField] = []
        while !input.isEmpty {
            let line = input.line()
            guard !line.isEmpty else { break }
            let colon = line.dropFirst().firstIndex(of: ":") ?? line.endIndex
            fields.append(HeaderField(String(line[..<colon]), String(line[colon...].dropFirst())))
        }
        return fields
    }

    static let gzip = FuzzTarget(name: "gzip") { bytes in
        for limit in [0, 100, 1 << 16] {
            if let message = try? Gzip.decompress(bytes, limit: limit), message.count > limit {
                fatalError("\(message.count) bytes are more than \(limit)")
            }
        }
        if let compressed = Gzip.compress(bytes[...]), (try? Gzip.decompress(compressed, limit: bytes.count)) != bytes {
            fatalError("it does not come back from gzip")
        }
    }
}

/// Takes all that it is given.
private final class DiscardingStream: ByteStream {
    let descriptor: Int32 = -1
    let isEncrypted = false
    let isEstablished = true
    let hasUnsentBytes = false

    func handshake() -> HandshakeProgress { .complete }
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Transfer { .wouldBlock }
    func write(_ slices: [ArraySlice<UInt8>]) -> Transfer { .bytes(slices.reduce(0) { $0 + $1.count }) }
}
