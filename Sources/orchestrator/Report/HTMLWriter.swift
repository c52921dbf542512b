/// Writes HTML: our markup as it is, the text of others made harmless, without its secrets, and escaped.
struct HTMLWriter: Sendable {
    /// What was written so far.
    private(set) var html = ""
    private var redactor: Redactor
    private var namedSecrets = 0

    /// How many secrets were replaced, by kind.
    var redactions: [RedactionKind: Int] { redactor.counts.merging([.namedValue: namedSecrets], uniquingKeysWith: +) }

    init(known: KnownSecrets) { redactor = Redactor(known: known) }

    /// Writes our own markup.
    mutating func markup(_ markup: String) { html += markup }

    /// Writes text.
    mutating func text(_ text: String) {
        guard !text.isEmpty else { return }
        html += Self.escaped(TerminalText.harmless(redactor.redact(text)))
    }

    /// Writes the value that belongs to a name; none of it if the name says that it is secret.
    mutating func text(_ text: String, named name: String) {
        let isSecret = SecretName.isSecret(name) && !text.isEmpty
        if isSecret { namedSecrets += 1 }
        self.text(isSecret ? Redactor.mark : text)
    }

    /// Writes an element with its attributes and what is in it.
    mutating func element(
        _ name: String,
        _ attributes: KeyValuePairs<String, String> = [:],
        _ body: (inout HTMLWriter) -> Void
    ) {
        open(name, attributes)
        body(&self)
        html += "</\(name)>"
    }

    /// Writes an element that has nothing but text.
    mutating func element(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String) {
        element(name, attributes) { $0.text(text) }
    }

    /// Writes an element without an end, such as `rect`.
    mutating func open(_ name: String, _ attributes: KeyValuePairs<String, String> = [:]) {
        html += "<" + name
        for (key, value) in attributes {
            html += " \(key)=\""
            text(value)
            html += "\""
        }
        html += ">"
    }

    /// The five characters that mean something in HTML, as references.
    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { "&<>\"'".utf8.contains($0) }) else { return text }
        // By scalars, since a combining character makes one character of itself and a sign before it.
        return text.unicodeScalars.reduce(into: "") { escaped, scalar in
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
    }
}
