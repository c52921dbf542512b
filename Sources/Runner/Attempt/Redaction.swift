/// Takes what looks like a secret out of a text; handed in by whoever knows what is secret.
///
/// The runner applies it where a text from outside comes in (the agent's words, errors, what checks print), so that journal,
/// spans, result and screen have the same text, without secrets. Only the raw stream file has what the agent really said.
package typealias Redaction = @Sendable (String) -> String
