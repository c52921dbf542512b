/// Something that an agent said or did, in the order in which its stream told it.
///
/// Each event proves that the agent is alive; where nothing comes, it may hang.
package enum AgentEvent: Sendable, Equatable {
    /// The session began (may be repeated by the stream; reported once).
    case started(sessionID: String, model: String?, version: String?)
    /// A response of the model began; those without a parent are the turns of the main loop. Once for each message.
    case messageStarted(id: String?, model: String?, parentToolCall: String?)
    /// A block of text from the agent; `parentToolCall` names the tool call of the sub-agent that wrote it.
    case text(String, messageID: String?, parentToolCall: String?)
    /// A tool call began. `input` is the call's arguments as JSON text.
    case toolCall(id: String, name: String, input: String, parentToolCall: String?)
    /// A tool call ended.
    case toolResult(id: String, isError: Bool)
    /// The agent was refused a tool.
    case permissionDenied(tool: String, reason: String?)
    /// A request to the model failed and is tried again, after so long.
    case retry(attempt: Int, status: Int?, message: String?, delay: Duration?)
    /// A response of the model or a tool call began, ended, or met with something; told after the other events of its record.
    case operation(OperationEvent)
    /// What this invocation has used so far, by model; it changed. Costs are estimates until the first result.
    case usage([ModelUsage])
    /// How the account's usage limit stands.
    case rateLimit(RateLimit)
    /// A result record: the end of the session, unless a background task brings another one.
    case result(isError: Bool, subtype: String?)
    /// Something that has no event of its own, such as a further piece of a response.
    case activity
    /// A record of a type that we do not know; it is kept in the stream and otherwise passed over.
    case unknown(type: String)
    /// A line that is no record: broken JSON, or longer than the bound. `bytes` is its length.
    case malformed(bytes: Int, reason: String)
}
