/// One line of Claude Code's `--output-format stream-json --verbose`, as far as it concerns us.
///
/// Fields of a wrong type count as absent, and records of an unknown type are kept as such: a newer version of the agent
/// must not break an older orchestrator.
struct StreamRecord: Sendable, Equatable {
    /// What the line tells.
    var kind: Kind
    /// The tool call of the sub-agent that it belongs to, or nil for the main loop.
    var parentToolCall: String?
    /// When it was written, ISO 8601 in UTC with milliseconds; many records have none.
    var timestamp: String?

    /// The kinds of record.
    enum Kind: Sendable, Equatable {
        /// `system/init`: may come again, with each turn.
        case initialized(Initialization)
        /// `assistant`: one message may come in several records, a block in each.
        case assistant(Message)
        /// `user`: what the tools answered; or that the agent was interrupted.
        case toolResults([ToolResult], isInterruption: Bool)
        /// `system/permission_denied`.
        case permissionDenied(tool: String, callID: String?, reason: String?)
        /// `system/api_retry`.
        case retry(Retry)
        /// `stream_event`: a piece of a response that is still running.
        case streamEvent(StreamEvent)
        /// `rate_limit_event`.
        case rateLimit(RateLimit)
        /// `system/status`: a request of the main loop is being sent.
        case requesting
        /// `system/task_notification`: a sub-agent's work, or a background command, has ended.
        case taskEnded(callID: String?)
        /// `result`: may come more than once.
        case result(ResultRecord)
        /// A known record that tells us nothing.
        case passedOver
        /// Our own record: no word of the agent.
        case own(InvocationEnd?)
        /// A record of a type that we do not know, as `type` or `type/subtype`.
        case unknown(type: String)
    }

    /// What `system/init` tells.
    struct Initialization: Sendable, Equatable {
        var sessionID: String?
        var model: String?
        var version: String?
        var workingDirectory: String?
    }

    /// A piece of a message of the model.
    struct Message: Sendable, Equatable {
        var id: String?
        var model: String?
        var blocks: [Block]
        /// What the response had used when it began; its output is not known yet.
        var usage: TokenCounts?
        /// The agent's own word for a failed request, such as `authentication_failed`, in the message it makes up then.
        var failure: String?
        /// The limit that made the request fail.
        var rateLimit: RateLimit?

        /// Whether the agent made it up to tell of a failure; no model was asked.
        var isMadeUp: Bool { model == "<synthetic>" || failure != nil }
    }

    /// A failed request that is tried again.
    struct Retry: Sendable, Equatable {
        var attempt: Int
        var status: Int?
        var message: String?
        var delay: Duration?
    }

    /// A block of a message; thinking and what we do not know is left out.
    enum Block: Sendable, Equatable {
        case text(String)
        case toolCall(id: String, name: String, input: JSONValue)
    }

    /// What a tool answered.
    struct ToolResult: Sendable, Equatable {
        var callID: String
        var isError: Bool
        /// The agent took a non-zero exit for a normal answer (`grep` that found nothing).
        var exitWasInterpreted: Bool
        /// What it answered: a text, or blocks.
        var content: JSONValue
        /// What the last response of a sub-agent used that worked for this call; no record of its own tells of it.
        var lastResponse: StreamRecord.LastResponse?
    }
}

extension StreamRecord {
    /// What the result of a sub-agent tells of its last response.
    struct LastResponse: Sendable, Equatable {
        var model: String?
        var usage: TokenCounts?
    }

    /// How the pieces of a response begin, which are most of a stream's lines and tell nothing but that there are some.
    private static let pieceBeginning = Array(#"{"type":"stream_event","event":{"type":"content_block_delta","#.utf8)

    /// Reads the record of one line that is not blank.
    ///
    /// A piece of a response is known by its beginning and not read.
    ///
    /// - Throws: ``JSONError`` if the line is no JSON object.
    init(line: [UInt8]) throws(JSONError) {
        if line.last == UInt8(ascii: "}"), line.starts(with: Self.pieceBeginning) {
            self.init(kind: .streamEvent(.piece))
            return
        }
        let value = try JSONParser.value(of: line)
        guard case .object = value else { throw JSONError(reason: "no object", offset: 0) }
        self.init(kind: Kind(value), parentToolCall: value["parent_tool_use_id"]?.string)
        timestamp = value["timestamp"]?.string
    }
}

extension StreamRecord.Kind {
    fileprivate init(_ value: JSONValue) {
        let type = value["type"]?.string ?? ""
        switch type {
        case "system": self = Self.system(value)
        case "assistant": self = .assistant(StreamRecord.Message(value))
        case "user":
            self = .toolResults(StreamRecord.ToolResult.all(in: value), isInterruption: Self.isInterruption(value))
        case "result": self = .result(ResultRecord(value))
        case "stream_event": self = .streamEvent(StreamEvent(value))
        case "rate_limit_event": self = RateLimit(value["rate_limit_info"]).map(Self.rateLimit) ?? .passedOver
        case InvocationEnd.type: self = .own(InvocationEnd(value))
        default: self = .unknown(type: type)
        }
    }

    /// Whether the agent says, in the user's place, that it was interrupted.
    private static func isInterruption(_ value: JSONValue) -> Bool {
        (value["message"]?["content"]?.elements ?? []).contains { block in
            block["text"]?.string?.hasPrefix("[Request interrupted by user") == true
        }
    }

    private static func system(_ value: JSONValue) -> Self {
        let subtype = value["subtype"]?.string ?? ""
        switch subtype {
        case "init":
            return .initialized(StreamRecord.Initialization(value))
        case "permission_denied":
            return .permissionDenied(
                tool: value["tool_name"]?.string ?? "",
                callID: value["tool_use_id"]?.string,
                reason: value["decision_reason"]?.string ?? value["message"]?.string
            )
        case "api_retry":
            return .retry(StreamRecord.Retry(value))
        case "status":
            return value["status"]?.string == "requesting" ? .requesting : .passedOver
        case "task_notification":
            return .taskEnded(callID: value["tool_use_id"]?.string)
        case "thinking_tokens", "background_tasks_changed", "task_started", "task_updated", "task_progress",
            "informational", "ui_invalidate":
            return .passedOver
        default:
            return .unknown(type: "system/" + subtype)
        }
    }
}

extension StreamRecord.Initialization {
    fileprivate init(_ value: JSONValue) {
        self.init(
            sessionID: value["session_id"]?.string,
            model: value["model"]?.string,
            version: value["claude_code_version"]?.string,
            workingDirectory: value["cwd"]?.string
        )
    }
}

extension StreamRecord.Message {
    fileprivate init(_ value: JSONValue) {
        let message = value["message"] ?? .null
        var blocks = (message["content"]?.elements ?? []).compactMap(StreamRecord.Block.init)
        if let text = message["content"]?.string { blocks.append(.text(text)) }
        self.init(
            id: message["id"]?.string,
            model: message["model"]?.string,
            blocks: blocks,
            usage: TokenCounts(message["usage"]),
            failure: value["error"]?.string,
            rateLimit: RateLimit(value["api_error_params"]?["rate_limit_info"])
        )
    }
}

extension StreamRecord.Retry {
    fileprivate init(_ value: JSONValue) {
        let milliseconds = value["retry_delay_ms"]?.double.map { min(max(0, $0), 1e12) }
        self.init(
            attempt: value["attempt"]?.integer ?? 0,
            status: value["error_status"]?.integer,
            message: value["error"]?.string,
            delay: milliseconds.map { .milliseconds($0) }
        )
    }
}

extension StreamRecord.Block {
    fileprivate init?(_ value: JSONValue) {
        switch value["type"]?.string {
        case "text":
            guard let text = value["text"]?.string else { return nil }
            self = .text(text)
        case "tool_use":
            guard let id = value["id"]?.string, let name = value["name"]?.string else { return nil }
            self = .toolCall(id: id, name: name, input: value["input"] ?? .object([]))
        default:
            return nil
        }
    }
}

extension StreamRecord.ToolResult {
    fileprivate static func all(in value: JSONValue) -> [Self] {
        let details = value["tool_use_result"]
        let interpreted = details?["returnCodeInterpretation"]?.string != nil
        let isOfAgent = details?["agentId"]?.string != nil && details?["status"]?.string == "completed"
        let last = isOfAgent ? StreamRecord.LastResponse(details ?? .null) : nil
        return (value["message"]?["content"]?.elements ?? []).compactMap { block in
            guard block["type"]?.string == "tool_result", let id = block["tool_use_id"]?.string else { return nil }
            return Self(
                callID: id,
                isError: block["is_error"]?.bool ?? false,
                exitWasInterpreted: interpreted,
                content: block["content"] ?? .null,
                lastResponse: last
            )
        }
    }
}

extension StreamRecord.LastResponse {
    fileprivate init(_ details: JSONValue) {
        self.init(model: details["resolvedModel"]?.string, usage: TokenCounts(details["usage"]))
    }
}
