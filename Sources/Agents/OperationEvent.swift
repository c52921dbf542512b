/// What a session does over a span of time, told as its stream tells it: responses of the model and tool calls.
///
/// An operation is told to have begun before it is told to have ended, and a parent before its children. The times are when
/// it happened, which may be before what was told last.
package enum OperationEvent: Sendable, Equatable {
    case began(Operation, at: WallTime)
    /// An operation that goes on began at another moment than was told.
    case corrected(Operation.ID, began: WallTime)
    /// Something happened in an operation, or in the session where none is named.
    case happened(OperationNote, in: Operation.ID?, at: WallTime)
    case ended(Operation.ID, OperationEnd, at: WallTime)
}

/// A response of the model or a tool call.
package struct Operation: Sendable, Equatable, Identifiable {
    /// Its number within the invocation.
    package var id: Int
    /// The tool call of the sub-agent that it belongs to, or nil for the main loop.
    package var parent: Int?
    package var kind: Kind

    package init(id: Int, parent: Int? = nil, kind: Kind) {
        self.id = id
        self.parent = parent
        self.kind = kind
    }

    /// The kinds of operation.
    package enum Kind: Sendable, Equatable {
        /// A response of the model, with the requests that were tried for it; the model is the one that was last seen.
        case response(model: String?)
        /// A call of a tool.
        case toolCall(id: String, name: String, arguments: OperationContent)
    }
}

/// Something that happens in the course of an operation.
package enum OperationNote: Sendable, Equatable {
    /// A request to the model failed and is tried again, after so long.
    case retry(attempt: Int, status: Int?, message: String?, delay: Duration?)
    /// The agent was refused a tool.
    case permissionDenied(tool: String, reason: String?)
}

/// How an operation ended.
package struct OperationEnd: Sendable, Equatable {
    /// What went wrong, a word of low cardinality (`error.type`); nil if nothing did.
    package var errorType: String?
    /// What a response came to; nil for tool calls.
    package var response: ResponseDetails?
    /// What a tool answered; nil for responses, and for calls that were not answered.
    package var answer: OperationContent?

    package init(errorType: String? = nil, response: ResponseDetails? = nil, answer: OperationContent? = nil) {
        self.errorType = errorType
        self.response = response
        self.answer = answer
    }

    package static let denied = "permission_denied"
    package static let toolFailed = "tool_error"
    package static let interrupted = "interrupted"
    /// Cut off together with its runner; the exporter gives a span that it recovers the same word.
    package static let processKilled = "process_killed"
}

/// What is known of a response of the model.
package struct ResponseDetails: Sendable, Equatable {
    /// The service's id of the message.
    package var id: String?
    /// The model that answered.
    package var model: String?
    /// Why it ended, in the service's word.
    package var finishReason: String?
    /// Input tokens outside the cache; nil if nothing tells of them.
    package var inputTokens: Int?
    package var cacheReadTokens = 0
    package var cacheCreationTokens = 0
    /// Output tokens; nil where the stream never tells the true number.
    package var outputTokens: Int?
    /// How long after the request the first of it came, by the agent's own clock; nil if it does not tell.
    package var timeToFirstChunk: Duration?
    /// Its texts, cut to 64 KiB in all.
    package var texts: [String] = []

    package init(id: String? = nil, model: String? = nil, finishReason: String? = nil) {
        self.id = id
        self.model = model
        self.finishReason = finishReason
    }
}

/// What went into a tool or came out of it, turned into text only where somebody wants it.
package struct OperationContent: Sendable, Equatable {
    let value: JSONValue

    /// JSON as it came; what is a text is that text, and blocks of text are their lines.
    package var text: String {
        if let text = value.string { return text }
        let texts = value.elements.compactMap { $0["text"]?.string }
        return texts.isEmpty ? value.text : texts.joined(separator: "\n")
    }
}
