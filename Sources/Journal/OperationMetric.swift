/// The histograms of the GenAI conventions whose values the journal adds up, by their names in generation 1 (v1.41).
package enum OperationMetric: String, Sendable, CaseIterable {
    /// Tokens of one response of the model.
    case tokenUsage = "gen_ai.client.token.usage"
    /// How long one response took, in seconds.
    case responseDuration = "gen_ai.client.operation.duration"
    /// How long one tool call took, in seconds.
    case toolDuration = "gen_ai.execute_tool.duration"

    /// The buckets that the conventions want.
    package var bounds: [Double] {
        switch self {
        case .tokenUsage: Self.tokenBounds
        case .responseDuration, .toolDuration: Self.secondBounds
        }
    }

    private static let tokenBounds: [Double] = [
        1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
    ]

    private static let secondBounds: [Double] = [
        0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
    ]
}
