/// What of an agent's session goes into spans, and in which words.
package struct SessionTracing: Sendable, Equatable {
    /// Whether responses and tool calls have spans of their own.
    package var hasOperationSpans: Bool
    /// How many characters of a prompt, an argument, an answer or a text are captured; nil: none of them leaves.
    package var contentLimit: Int?
    /// Which generation of the GenAI conventions names the attributes.
    package var conventions: GenAIConventions
    /// Where the agent sends its own telemetry, as reachable from inside the sandbox; nil: it sends none.
    package var agentEndpoint: String?
    /// What goes into the sandbox as OTEL_RESOURCE_ATTRIBUTES, before what names the attempt.
    package var resourceAttributes: String

    package init(
        hasOperationSpans: Bool = true,
        contentLimit: Int? = nil,
        conventions: GenAIConventions = .released,
        agentEndpoint: String? = nil,
        resourceAttributes: String = ""
    ) {
        self.hasOperationSpans = hasOperationSpans
        self.contentLimit = contentLimit
        self.conventions = conventions
        self.agentEndpoint = agentEndpoint
        self.resourceAttributes = resourceAttributes
    }

    /// OTEL_RESOURCE_ATTRIBUTES of the agent: what is handed on, and whose process it is (resource/sdk.md).
    func resourceAttributes(of identity: RunIdentity, taskID: String) -> String {
        let own = [
            "orchestrator.run.id=\(identity.runID)", "orchestrator.attempt=\(identity.attemptNumber)",
            "orchestrator.task.id=\(taskID)",
        ]
        return ([resourceAttributes].filter { !$0.isEmpty } + own).joined(separator: ",")
    }
}

/// The generations of the GenAI semantic conventions, which are still in development.
package enum GenAIConventions: Sendable, Equatable {
    /// Of semantic conventions v1.41: what dashboards know.
    case released
    /// As renamed since in the conventions' own repository, for those who opt in.
    case latestExperimental

    /// What `OTEL_SEMCONV_STABILITY_OPT_IN` says: `gen_ai_latest_experimental` in its list, or anything else.
    package init(environment: [String: String]) {
        let words = environment["OTEL_SEMCONV_STABILITY_OPT_IN"]?.split { $0 == "," || $0 == " " } ?? []
        self = words.contains("gen_ai_latest_experimental") ? .latestExperimental : .released
    }

    /// The attribute for input tokens that were written to the cache.
    var cacheWriteKey: String {
        switch self {
        case .released: "gen_ai.usage.cache_creation.input_tokens"
        case .latestExperimental: "gen_ai.usage.cache_write.input_tokens"
        }
    }
}
