import CollectorTestKit
import Glibc
import Testing

@testable import GRPCTransport

/// A client's session and a server's, with no network between them.
struct TLSPair {
    let client: TLSSession
    let server: TLSSession

    init(
        client settings: TLSSettings,
        server serverSettings: TLSServerSettings,
        name: String = "localhost"
    ) throws {
        client = try TLSSession(client: TLSContext(client: settings), serverName: name)
        server = try TLSSession(server: TLSContext(server: serverSettings))
    }

    /// Both sides' good certificates.
    init() throws {
        let certificates = try TestCertificates.shared()
        try self.init(client: certificates.client(), server: certificates.server())
    }

    /// Carries what `from` has to say to `to`, in pieces of this size; all of it in one if 0.
    @discardableResult
    static func carry(from: TLSSession, to: TLSSession, pieces: Int = 0) throws(TLSFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        from.sendOutput {
            bytes = Array($0)
            return $0.count
        }
        for start in stride(from: 0, to: bytes.count, by: pieces == 0 ? max(bytes.count, 1) : pieces) {
            let piece = bytes[start..<min(bytes.count, start + (pieces == 0 ? bytes.count : pieces))]
            let failure = piece.withUnsafeBytes { piece -> TLSFailure? in
                do throws(TLSFailure) {
                    try to.receive(piece)
                    return nil
                } catch {
                    return error
                }
            }
            if let failure { throw failure }
            if !to.isEstablished { _ = try to.handshake() }
        }
        return bytes
    }

    /// Lets both sides speak in turn until both are established, or one complains.
    func shakeHands(pieces: Int = 0) throws(TLSFailure) {
        for _ in 0..<8 {
            let isClientDone = try client.handshake()
            try Self.carry(from: client, to: server, pieces: pieces)
            let isServerDone = try server.handshake()
            try Self.carry(from: server, to: client, pieces: pieces)
            if isClientDone, isServerDone { return }
        }
        throw TLSFailure("the handshake does not end")
    }

    /// All plaintext that has come.
    static func plaintext(of session: TLSSession) throws -> [UInt8] {
        var all: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16_384)
        while true {
            let result = try part.withUnsafeMutableBytes { try session.decrypt(into: $0) }
            guard case .bytes(let count) = result else { return all }
            all += part[..<count]
        }
    }

    static func encrypt(_ bytes: [UInt8], with session: TLSSession) throws {
        try bytes.withUnsafeBytes { try session.encrypt($0) }
    }
}
