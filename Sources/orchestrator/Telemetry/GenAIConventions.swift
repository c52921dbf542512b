import Journal
import OTelSDK
import Runner

/// The GenAI metrics by either generation of the conventions, from the journal's totals.
extension GenAIConventions {
    /// What the journal knows of operations.
    func metrics(of totals: JournalTotals, since start: UInt64) -> [ProducedMetric] {
        switch self {
        case .released: OperationMetric.allCases.map { Self.histogram($0, totals, start) }
        case .latestExperimental: Self.counters(totals, start) + Self.renamed(totals, start)
        }
    }

    private static func histogram(
        _ metric: OperationMetric,
        _ totals: JournalTotals,
        _ start: UInt64,
        name: String? = nil,
        ofTokenType type: String? = nil
    ) -> ProducedMetric {
        let points = totals.distributions
            .filter { $0.metric == metric && (type == nil || $0.attributes[tokenType] == type) }
            .map { point($0, without: type == nil ? nil : tokenType) }
        return ProducedMetric(
            name: name ?? metric.rawValue,
            unit: metric == .tokenUsage ? "{token}" : "s",
            description: description(of: metric),
            startTime: start,
            kind: .histogram(points)
        )
    }

    private static let tokenType = "gen_ai.token.type"

    private static func description(of metric: OperationMetric) -> String {
        switch metric {
        case .tokenUsage: "Number of tokens of a response of the model"
        case .responseDuration: "How long a response of the model took"
        case .toolDuration: "How long a tool call took"
        }
    }

    private static func point(
        _ totals: JournalTotals.OperationTotals,
        without attribute: String?
    ) -> ProducedMetric.HistogramPoint {
        ProducedMetric.HistogramPoint(
            attributes: totals.attributes.filter { $0.key != attribute },
            count: UInt64(totals.values.count),
            sum: totals.values.sum,
            min: totals.values.min,
            max: totals.values.max,
            bounds: totals.values.bounds,
            bucketCounts: totals.values.bucketCounts.map(UInt64.init)
        )
    }
}

// MARK: - The second generation

extension GenAIConventions {
    private static func renamed(_ totals: JournalTotals, _ start: UInt64) -> [ProducedMetric] {
        ["input", "output"]
            .map { type in
                let name = "gen_ai.client.inference.operation.\(type)_tokens"
                return histogram(.tokenUsage, totals, start, name: name, ofTokenType: type)
            } + [
                histogram(.responseDuration, totals, start, name: "gen_ai.client.inference.duration"),
                histogram(.toolDuration, totals, start),
            ]
    }

    /// By the agent's own count, which knows the kinds; its name of the model is that which answered.
    private static func counters(_ totals: JournalTotals, _ start: UInt64) -> [ProducedMetric] {
        let kinds: [(String, (JournalTotals.ModelTotals) -> Int?)] = [
            ("input_tokens", { $0.inputTokens + $0.cacheReadTokens + $0.cacheCreationTokens }),
            ("output_tokens", { $0.outputTokens }), ("cache_read.input_tokens", { $0.cacheReadTokens }),
            ("cache_write.input_tokens", { $0.cacheCreationTokens }),
            ("reasoning.output_tokens", { $0.thinkingTokens }),
        ]
        return kinds.map { kind, count in
            let points = totals.models.sorted { $0.key < $1.key }
                .compactMap { model, used -> ProducedMetric.CounterPoint? in
                    guard let count = count(used) else { return nil }
                    let attributes = [
                        "gen_ai.operation.name": "chat", "gen_ai.provider.name": provider(of: model, totals),
                        "gen_ai.response.model": model, "gen_ai.token.modality": "text",
                    ]
                    return .init(attributes: attributes, value: .int(Int64(count)))
                }
            return ProducedMetric(
                name: "gen_ai.client.inference.usage." + kind,
                unit: "{token}",
                description: "Total tokens of the model's responses",
                startTime: start,
                kind: .counter(points)
            )
        }
    }

    /// Who served a model, as its responses told; Claude Code's own provider where none was followed.
    private static func provider(of model: String, _ totals: JournalTotals) -> String {
        let known = totals.distributions.first { $0.attributes["gen_ai.response.model"] == model }
        return known?.attributes["gen_ai.provider.name"] ?? "anthropic"
    }
}
