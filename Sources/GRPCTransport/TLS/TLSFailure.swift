/// Why there is no encrypted connection, as a clause that follows "cannot connect to …:".
struct TLSFailure: Error, Sendable, Hashable, CustomStringConvertible {
    let reason: String

    init(_ reason: String) { self.reason = reason }

    var description: String { reason }
}
