/// Makes what is shown fit for others' eyes: what looks like a secret is replaced, and a terminal obeys nothing in it.
struct SecretMask: Sendable {
    /// One that has seen nothing; each text gets a copy.
    private let unused: Redactor

    /// - Parameters:
    ///   - environment: Variables, those with secret names among them.
    ///   - others: Values that are secret for other reasons.
    init(environment: [String: String], others: [String] = []) {
        self.init(known: KnownSecrets(environment: environment, others: others))
    }

    init(known: KnownSecrets) {
        unused = Redactor(known: known)
    }

    /// A text for a terminal, of any number of lines.
    func text(_ text: String) -> String { redacted(TerminalText.harmless(text)) }

    /// A text on one line for a terminal; of one that is cut, what may be the beginning of a secret is left out.
    func line(_ text: String, isCut: Bool = false) -> String {
        let words = redacted(TerminalText.harmless(text), isCut: isCut).utf8.split { $0 <= 0x20 }
        return words.map { String(Substring($0)) }.joined(separator: " ")
    }

    /// JSON, which stays JSON.
    func json(_ json: String) -> String { redacted(json) }

    /// A text without its secrets and otherwise as it is; of one that is cut, what may be the beginning of a secret is left out.
    func redacted(_ text: String, isCut: Bool = false) -> String {
        var redactor = unused
        return isCut ? String(decoding: redactor.append(text.utf8), as: UTF8.self) : redactor.redact(text)
    }
}
