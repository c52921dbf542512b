import CollectorTestKit
import Synchronization
import Testing

@testable import GRPCTransport

/// The types of frames that these tests look for (RFC 9113 section 6).
private enum FrameType {
    static let data: UInt8 = 0
    static let headers: UInt8 = 1
    static let reset: UInt8 = 3
    static let settings: UInt8 = 4
}

@Suite("The frames that the client writes", .timeLimit(.minutes(1)))
struct FrameTests {
    private static let answer =
        Frames.headers(1, [(":status", "200"), ("content-type", "application/grpc")])
        + Frames.data(1, Frames.message([7])) + Frames.headers(1, [("grpc-status", "0")], [.endHeaders, .endStream])

    @Test("The client's first frame is SETTINGS, and it switches push off")
    func firstFrame() async throws {
        let first = Mutex<[UInt8]>([])
        let peer = try RawPeer { connection in
            if let frame = RawPeer.frame(connection), frame.type == FrameType.settings {
                first.withLock { $0 = frame.payload }
            }
        }
        _ = try await GRPCClient.with(peer.target) { await $0.echo() }
        let entries = first.withLock { payload in
            stride(from: 0, to: payload.count, by: 6).map { Array(payload[$0..<$0 + 6]) }
        }
        #expect(entries.contains([0, 2, 0, 0, 0, 0]))
    }

    @Test("A call whose deadline passes is reset with CANCEL")
    func cancelled() async throws {
        let code = Mutex<[UInt8]?>(nil)
        let isReset = Signal()
        let peer = try RawPeer { connection in
            RawPeer.send(Frames.settings(), connection)
            // A PING, so that the peer has said something after the call began and keeps its connection.
            while let frame = RawPeer.frame(connection), frame.type != FrameType.headers {}
            RawPeer.send(Frames.ping(), connection)
            while let frame = RawPeer.frame(connection) {
                guard frame.type == FrameType.reset else { continue }
                code.withLock { $0 = frame.payload }
                isReset.fire()
                return
            }
        }
        try await GRPCClient.with(peer.target) { client in
            while isReset.count == 0, !Task.isCancelled {
                #expect(await client.echo(timeout: .milliseconds(100)).status.code != .ok)
            }
        }
        #expect(code.withLock { $0 } == [0, 0, 0, 8])
    }

    @Test("An answer before the end of the request stops it with RST_STREAM(NO_ERROR)")
    func earlyAnswer() async throws {
        let code = Mutex<[UInt8]?>(nil)
        let isReset = Signal()
        let peer = try RawPeer { connection in
            RawPeer.send(Frames.settings(), connection)
            while let frame = RawPeer.frame(connection), frame.type != FrameType.headers {}
            RawPeer.send(Self.answer, connection)
            while let frame = RawPeer.frame(connection) {
                guard frame.type == FrameType.reset else { continue }
                code.withLock { $0 = frame.payload }
                isReset.fire()
                return
            }
        }
        try await GRPCClient.with(peer.target) { client in
            // More than the window of a peer that has not opened it.
            let response = await client.echo([UInt8](repeating: 0, count: 1_000_000))
            #expect(response.message == [7])
            await isReset.wait()
        }
        #expect(code.withLock { $0 } == [0, 0, 0, 0])
    }

    @Test("A peer that opens the stream's window byte by byte gets the whole message", arguments: [1, 10])
    func smallWindow(size: UInt32) async throws {
        let message = (0..<500).map { UInt8(truncatingIfNeeded: $0) }
        let received = Mutex<[UInt8]>([])
        let peer = try RawPeer { connection in
            RawPeer.send(Frames.settings([(4, 0)]), connection)
            while let frame = RawPeer.frame(connection), frame.type != FrameType.headers {}
            // The first call went out under the usual window, before the settings came; then no byte goes unasked.
            while received.withLock({ $0.count }) < message.count + 5 {
                guard let frame = RawPeer.frame(connection) else { return }
                guard frame.type == FrameType.data || frame.type == FrameType.settings else { continue }
                if frame.type == FrameType.data { received.withLock { $0 += frame.payload } }
                RawPeer.send(Frames.windowUpdate(1, size), connection)
            }
            RawPeer.send(Self.answer, connection)
            RawPeer.drain(connection)
        }
        #expect(try await GRPCClient.with(peer.target) { await $0.echo(message) }.message == [7])
        #expect(received.withLock { $0 } == [0, 0, 0, 1, 244] + message)
    }

    @Test("DATA frames are as large as the peer allows, and no larger", arguments: [nil, 16_384, 100_000, 1 << 20])
    func frameSize(limit: UInt32?) throws {
        var peerSettings = HTTP2Settings()
        peerSettings.maxFrameSize = limit
        let client = try HTTP2Session(role: .client)
        let server = try HTTP2Session(role: .server, settings: peerSettings)
        var bytes: [UInt8] = []
        for (sender, receiver) in [(client, server), (server, client), (client, server)] {
            bytes = []
            try sender.collectOutput(into: &bytes, limit: 1 << 20)
            try bytes.withUnsafeBufferPointer(receiver.receive)
        }
        let headers = RequestHeaders(GRPCClientSettings(target: GRPCTarget(host: "h", port: 1), userAgent: "x"))
        let fields = headers.fields(path: "/", timeout: nil, encoding: nil)
        _ = try client.submitRequest(fields, body: HTTP2Body([UInt8](repeating: 0, count: 400_000)))
        bytes = []
        try client.collectOutput(into: &bytes, limit: 1 << 20)
        var sizes: [Int] = []
        var rest = bytes[...]
        while rest.count >= 9 {
            let head = Array(rest.prefix(9))
            let size = head[..<3].reduce(0) { $0 << 8 | Int($1) }
            if head[3] == FrameType.data { sizes.append(size) }
            rest = rest.dropFirst(9 + size)
        }
        #expect(sizes.max() == min(Int(limit ?? 16_384), HTTP2Recorder.frameLimit))
        #expect(sizes.reduce(0, +) == 400_000)
    }
}
