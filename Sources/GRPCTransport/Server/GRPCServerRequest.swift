/// One unary call as the server's handler sees it.
package struct GRPCServerRequest: Sendable {
    /// `/package.Service/Method`.
    package var path: String

    /// All header fields that are not pseudo-headers, in the order of their arrival.
    package var metadata: [(name: String, value: String)]

    package var message: [UInt8]

    /// What the client gave the call, from `grpc-timeout`; `nil` if it set no limit.
    package var timeout: Duration?

    package init(path: String, metadata: [(name: String, value: String)], message: [UInt8], timeout: Duration?) {
        self.path = path
        self.metadata = metadata
        self.message = message
        self.timeout = timeout
    }
}
