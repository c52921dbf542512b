/// A `result` record: how a session, or the part of it up to here, ended.
///
/// `subtype` is `success` for failed requests too, and the `error_*` subtypes have `errors` in place of `result`.
struct ResultRecord: Sendable, Equatable {
    var subtype: String?
    /// Whether it ended badly; nil if the record does not say.
    var isError: Bool?
    /// The last text block of the last message, or the words about a failure.
    var text: String?
    var errors: [String]
    var stopReason: String?
    var terminalReason: String?
    /// The HTTP status of a failed request.
    var apiStatus: Int?
    /// The service's own word for it, such as `rate_limit_error`.
    var apiErrorType: String?
    /// The agent's word for it where no status came, such as `connection_failed`.
    var apiError: String?
    var turns: Int
    /// How long it took, in milliseconds.
    var milliseconds: Double?
    /// Cumulative over the whole session, earlier resumes included.
    var totalCostUSD: Double?
    /// Cumulative over the whole session, earlier resumes included.
    var modelUsage: [ModelUsage]?
    /// What was used since the previous result, by model; nil where the version does not tell.
    var usageSinceLastResult: [ModelUsage]?
    /// Tools that were refused, with the call each.
    var denials: [Denial]

    /// A tool call that was refused.
    struct Denial: Sendable, Equatable {
        var tool: String
        var callID: String?
    }

    /// The words about a failure: the result's text, or else the errors.
    var message: String {
        if let text, !text.isEmpty { return text }
        return errors.isEmpty ? subtype ?? "no reason given" : errors.joined(separator: "; ")
    }
}

extension ResultRecord {
    init(_ value: JSONValue) {
        subtype = value["subtype"]?.string
        isError = value["is_error"]?.bool
        text = value["result"]?.string
        errors = (value["errors"]?.elements ?? []).compactMap(\.string)
        stopReason = value["stop_reason"]?.string
        terminalReason = value["terminal_reason"]?.string
        apiStatus = value["api_error_status"]?.integer
        apiErrorType = value["api_error_type"]?.string
        apiError = value["api_error"]?.string
        turns = min(max(0, value["num_turns"]?.integer ?? 0), 1 << 40)
        milliseconds = value["duration_ms"]?.double
        totalCostUSD = value["total_cost_usd"]?.double
        modelUsage = ModelUsage.byModel(value["modelUsage"])
        usageSinceLastResult = ModelUsage.byModel(value["model_usage_since_last_result"])
        denials = (value["permission_denials"]?.elements ?? []).compactMap { denial in
            denial["tool_name"]?.string.map { Denial(tool: $0, callID: denial["tool_use_id"]?.string) }
        }
    }
}

extension ModelUsage {
    /// The usage of an object whose names are models, ordered by model; nil if there is no such object.
    static func byModel(_ value: JSONValue?) -> [ModelUsage]? {
        guard let value, case .object(let members) = value else { return nil }
        let models = members.map { member in
            ModelUsage(
                model: member.name,
                inputTokens: member.value.count("inputTokens"),
                outputTokens: member.value.count("outputTokens"),
                cacheReadTokens: member.value.count("cacheReadInputTokens"),
                cacheCreationTokens: member.value.count("cacheCreationInputTokens"),
                thinkingTokens: member.value["thinkingTokens"]?.integer.map { _ in member.value.count("thinkingTokens")
                },
                costUSD: max(0, member.value["costUSD"]?.double ?? 0)
            )
        }
        return [].adding(models)
    }
}

extension JSONValue {
    /// A number of tokens: never negative, and so bounded that sums cannot overflow.
    func count(_ name: String) -> Int {
        min(max(0, self[name]?.integer ?? 0), 1 << 40)
    }
}
