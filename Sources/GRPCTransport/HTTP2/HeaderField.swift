/// One header field; pseudo-fields have names that start with a colon.
struct HeaderField: Sendable, Hashable {
    var name: String
    var value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension [HeaderField] {
    /// The value of the first field with this name, which is given in lower case.
    subscript(name: String) -> String? { first { $0.name == name }?.value }
}
