internal import Glibc

/// The functions of OpenSSL 3 that TLS needs, found in the system's library at the first need.
///
/// The library is opened, not linked, because loading it costs a process 2 MiB and nearly a millisecond, and most
/// exporters talk in cleartext to a collector beside them. Each field bears the name of its function in C.
struct OpenSSL: Sendable {
    typealias Pointer = OpaquePointer
    typealias Text = UnsafePointer<CChar>

    /// The library, opened once for the process, or why it could not be.
    static let shared = Result<OpenSSL, TLSFailure> { () throws(TLSFailure) in try OpenSSL() }

    // MARK: Library and errors

    let initSSL: @Sendable @convention(c) (UInt64, Pointer?) -> Int32
    let clearErrors: @Sendable @convention(c) () -> Void
    let nextError: @Sendable @convention(c) () -> UInt
    let errorReason: @Sendable @convention(c) (UInt) -> Text?
    let verifyErrorText: @Sendable @convention(c) (Int) -> Text?

    // MARK: Contexts

    let clientMethod: @Sendable @convention(c) () -> Pointer?
    let serverMethod: @Sendable @convention(c) () -> Pointer?
    let newContext: @Sendable @convention(c) (Pointer?) -> Pointer?
    let freeContext: @Sendable @convention(c) (Pointer?) -> Void
    let controlContext: @Sendable @convention(c) (Pointer?, Int32, Int, UnsafeMutableRawPointer?) -> Int
    let setOptions: @Sendable @convention(c) (Pointer?, UInt64) -> UInt64
    let setVerify: @Sendable @convention(c) (Pointer?, Int32, Pointer?) -> Void
    let contextParameters: @Sendable @convention(c) (Pointer?) -> Pointer?
    let setDefaultVerifyPaths: @Sendable @convention(c) (Pointer?) -> Int32
    let loadVerifyFile: @Sendable @convention(c) (Pointer?, Text?) -> Int32
    let useCertificateChain: @Sendable @convention(c) (Pointer?, Text?) -> Int32
    let usePrivateKey: @Sendable @convention(c) (Pointer?, Text?, Int32) -> Int32
    let checkPrivateKey: @Sendable @convention(c) (Pointer?) -> Int32
    let setPasswordCallback: @Sendable @convention(c) (Pointer?, PasswordCallback) -> Void
    let offerProtocols: @Sendable @convention(c) (Pointer?, UnsafePointer<UInt8>?, UInt32) -> Int32
    let setProtocolCallback: @Sendable @convention(c) (Pointer?, ProtocolCallback, UnsafeMutableRawPointer?) -> Void
    let setTicketCount: @Sendable @convention(c) (Pointer?, Int) -> Int32

    /// `pem_password_cb`: buffer, its size, writing, context; returns the password's length.
    typealias PasswordCallback =
        @Sendable @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32

    /// `SSL_CTX_alpn_select_cb_func`: the chosen protocol and its length out, the client's list in.
    typealias ProtocolCallback =
        @Sendable @convention(c) (
            Pointer?, UnsafeMutablePointer<UnsafePointer<UInt8>?>?, UnsafeMutablePointer<UInt8>?,
            UnsafePointer<UInt8>?, UInt32, UnsafeMutableRawPointer?
        ) -> Int32

    // MARK: Connections

    let newSSL: @Sendable @convention(c) (Pointer?) -> Pointer?
    let freeSSL: @Sendable @convention(c) (Pointer?) -> Void
    let controlSSL: @Sendable @convention(c) (Pointer?, Int32, Int, UnsafeMutableRawPointer?) -> Int
    let parameters: @Sendable @convention(c) (Pointer?) -> Pointer?
    let setHost: @Sendable @convention(c) (Pointer?, Text?) -> Int32
    let setHostFlags: @Sendable @convention(c) (Pointer?, UInt32) -> Void
    let setAddress: @Sendable @convention(c) (Pointer?, Text?) -> Int32
    let setParameterFlags: @Sendable @convention(c) (Pointer?, UInt) -> Int32
    let setBIOs: @Sendable @convention(c) (Pointer?, Pointer?, Pointer?) -> Void
    let setConnectState: @Sendable @convention(c) (Pointer?) -> Void
    let setAcceptState: @Sendable @convention(c) (Pointer?) -> Void
    let doHandshake: @Sendable @convention(c) (Pointer?) -> Int32
    let read: @Sendable @convention(c) (Pointer?, UnsafeMutableRawPointer?, Int32) -> Int32
    let write: @Sendable @convention(c) (Pointer?, UnsafeRawPointer?, Int32) -> Int32
    let shutdown: @Sendable @convention(c) (Pointer?) -> Int32
    let errorOfCall: @Sendable @convention(c) (Pointer?, Int32) -> Int32
    let verifyResult: @Sendable @convention(c) (Pointer?) -> Int
    let version: @Sendable @convention(c) (Pointer?) -> Text?
    let selectedProtocol:
        @Sendable @convention(c) (
            Pointer?, UnsafeMutablePointer<UnsafePointer<UInt8>?>?, UnsafeMutablePointer<UInt32>?
        ) -> Void

    // MARK: Memory BIOs

    let memoryMethod: @Sendable @convention(c) () -> Pointer?
    let newBIO: @Sendable @convention(c) (Pointer?) -> Pointer?
    let freeBIO: @Sendable @convention(c) (Pointer?) -> Int32
    let writeBIO: @Sendable @convention(c) (Pointer?, UnsafeRawPointer?, Int32) -> Int32
    let controlBIO: @Sendable @convention(c) (Pointer?, Int32, Int, UnsafeMutableRawPointer?) -> Int
}
