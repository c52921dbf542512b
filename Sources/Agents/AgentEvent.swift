/// Something that an agent said or did, in the order in which its stream told it.
package enum AgentEvent: Sendable, Equatable {
    /// The session began (may be repeated by the stream; reported once).
    case started(sessionID: String, model: String?, version: String?)
    /// A block of text from the agent; `parentToolCall` names the tool call of the sub-agent that wrote it.
    case text(String, messageID: String?, parentToolCall: String?)
    /// A tool call began. `input` is the call's arguments as JSON text.
    case toolCall(id: String, name: String, input: String, parentToolCall: String?)
    /// A tool call ended.
    case toolResult(id: String, isError: Bool)
    /// The agent was refused a tool.
    case permissionDenied(tool: String, reason: String?)
    /// A request to the model failed and is tried again.
    case retry(attempt: Int, status: Int?, message: String?)
    /// A result record: the end of the session, unless a background task brings another one.
    case result(isError: Bool, subtype: String?)
    /// A record of a type that we do not know; it is kept in the stream and otherwise passed over.
    case unknown(type: String)
    /// A line that is no record: broken JSON, or longer than the bound. `bytes` is its length.
    case malformed(bytes: Int, reason: String)
}
