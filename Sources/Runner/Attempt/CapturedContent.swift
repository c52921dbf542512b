import FoundationEssentials

/// Content of a session as span attributes: redacted first, then cut.
struct CapturedContent: Sendable {
    /// How many characters are kept of each text.
    let limit: Int
    let redact: Redaction

    /// A text as it may leave.
    func text(_ text: String) -> String {
        // A secret that the cut would halve is whole when it is looked for.
        let redacted = redact(text)
        guard redacted.count > limit else { return redacted }
        return "\(redacted.prefix(limit))… (\(redacted.count - limit) more characters)"
    }

    /// Messages as the conventions want them: JSON by the schema of `gen_ai.input.messages` and `gen_ai.output.messages`.
    func messages(role: String, _ texts: [String], finishReason: String? = nil) -> String? {
        struct Message: Encodable {
            struct Part: Encodable {
                var type = "text"
                var content: String
            }
            var role: String
            var parts: [Part]
            var finishReason: String?

            enum CodingKeys: String, CodingKey {
                case role
                case parts
                case finishReason = "finish_reason"
            }
        }
        let parts = texts.map { Message.Part(content: text($0)) }
        return try? JSONText.of([Message(role: role, parts: parts, finishReason: finishReason)])
    }
}
