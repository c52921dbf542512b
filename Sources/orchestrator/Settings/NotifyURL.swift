import ArgumentParser
import Foundation

/// Where results are posted to: an `http` or `https` URL, or `none`.
struct NotifyURL: Sendable, Equatable {
    /// The URL; nil for nobody.
    var url: String?

    /// Nil if it is no such URL, or has characters that no URL has.
    init?(_ text: String) {
        if text == "none" { return }
        guard Self.isWebAddress(text) else { return nil }
        url = text
    }

    /// Whether a text is an `http` or `https` URL with a host, of characters that URLs have.
    static func isWebAddress(_ text: String) -> Bool {
        let isPlain = text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F && $0 != "\"" && $0 != "\\" }
        guard isPlain, let parts = URLComponents(string: text) else { return false }
        return ["http", "https"].contains(parts.scheme?.lowercased()) && parts.host?.isEmpty == false
    }
}

extension NotifyURL: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }
}
