/// How a call ended.
package struct GRPCStatus: Sendable, Hashable, CustomStringConvertible {
    package var code: GRPCStatusCode

    /// One line for a person, already percent-decoded; often empty when the code is `ok`.
    package var message: String

    /// The bytes of `grpc-status-details-bin` (a serialised `google.rpc.Status`), empty if there were none.
    package var details: [UInt8]

    package init(_ code: GRPCStatusCode, _ message: String = "", details: [UInt8] = []) {
        self.code = code
        self.message = message
        self.details = details
    }

    package static let ok = GRPCStatus(.ok)

    package var isOK: Bool { code == .ok }

    package var description: String { message.isEmpty ? code.name : "\(code.name): \(message)" }
}
