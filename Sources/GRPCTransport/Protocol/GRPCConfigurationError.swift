/// A setting that the transport cannot work with.
///
/// `message` is one line for a person: it names the setting and the way out.
package struct GRPCConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of setting it was.
    package enum Code: Sendable, Hashable {
        /// The target is not `host:port` or a URL that has nothing but these.
        case invalidTarget
        /// The target's scheme is none of those that are known.
        case unsupportedScheme
        /// A metadata name or value that HTTP/2 or gRPC does not allow.
        case invalidMetadata
        /// A certificate, a key or the library for them cannot be used.
        case invalidCertificate
        /// A server could not listen where it was told to.
        case cannotListen
    }

    package let code: Code
    package let message: String

    package var description: String { message }

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
