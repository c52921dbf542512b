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
        /// `user`: what the tools answered.
        case toolResults([ToolResult])
        /// `system/permission_denied`.
        case permissionDenied(tool: String, callID: String?, reason: String?)
        /// `system/api_retry`.
        case retry(attempt: Int, status: Int?, message: String?)
        /// `result`: may come more than once.
        case result(ResultRecord)
        /// A known record that tells us nothing.
        case passedOver
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
        var blocks: [Block]
        /// The agent's own word for a failed request, such as `authentication_failed`, in the message it makes up then.
        var failure: String?
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
    }
}

extension StreamRecord {
    /// Reads the record of one line that is not blank.
    ///
    /// - Throws: ``JSONError`` if the line is no JSON object.
    init(line: [UInt8]) throws(JSONError) {
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
        case "user": self = .toolResults(StreamRecord.ToolResult.all(in: value))
        case "result": self = .result(ResultRecord(value))
        case "stream_event": self = .passedOver
        default: self = .unknown(type: type)
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
            return .retry(
                attempt: value["attempt"]?.integer ?? 0,
                status: value["error_status"]?.integer,
                message: value["error"]?.string
            )
        case "thinking_tokens", "background_tasks_changed", "task_started", "task_updated", "task_notification",
            "status", "informational", "ui_invalidate":
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
        self.init(id: message["id"]?.string, blocks: blocks, failure: value["error"]?.string)
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
        let interpreted = value["tool_use_result"]?["returnCodeInterpretation"]?.string != nil
        return (value["message"]?["content"]?.elements ?? []).compactMap { block in
            guard block["type"]?.string == "tool_result", let id = block["tool_use_id"]?.string else { return nil }
            return Self(callID: id, isError: block["is_error"]?.bool ?? false, exitWasInterpreted: interpreted)
        }
    }
}
