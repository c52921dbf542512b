import ArgumentParser

/// Where Jaeger's pages are: an `http` or `https` URL.
struct JaegerURL: Sendable, Equatable {
    /// Without a slash at the end.
    let base: String

    /// That of `make observability`.
    static let standard = JaegerURL(base: "http://localhost:16686")

    private init(base: String) { self.base = base }

    /// Nil if it is no such URL, or has a query or a fragment, after which no path can stand.
    init?(_ text: String) {
        guard NotifyURL.isWebAddress(text), !text.contains("?"), !text.contains("#") else { return nil }
        base = text.replacing(#/\/+$/#, with: "")
    }

    /// The page of a trace.
    func page(ofTrace id: String) -> String { "\(base)/trace/\(id)" }
}

extension JaegerURL: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }
}
