package import Foundation

/// What an attempt's session did, operation by operation, folded at once into the sums that metrics are made of.
///
/// Its memory does not grow with the session: names are bounded in length and number.
package struct AttemptOperations: Sendable, Equatable, Codable {
    /// What one response is told apart by.
    struct ResponseKind: Hashable, Codable {
        var provider: String
        var requestModel: String?
        var model: String
        var errorType: String?
    }

    /// What one tool call is told apart by.
    struct ToolKind: Hashable, Codable {
        var tool: String
        var errorType: String?
    }

    /// The three histograms of one kind of response.
    struct Responses: Sendable, Equatable, Codable {
        var inputTokens = Distribution(bounds: OperationMetric.tokenUsage.bounds)
        var outputTokens = Distribution(bounds: OperationMetric.tokenUsage.bounds)
        var seconds = Distribution(bounds: OperationMetric.responseDuration.bounds)
    }

    /// An operation that has begun and not ended.
    package struct Open: Sendable, Equatable, Codable {
        package enum Kind: Sendable, Equatable, Codable {
            /// A response of a model of who serves it.
            case response(provider: String, model: String)
            /// A call of the tool of a name.
            case toolCall(String)
        }

        var kind: Kind
        var began: Date

        package init(_ kind: Kind, began: Date) {
            switch kind {
            case .response(let provider, let model):
                self.kind = .response(provider: NameBound.cut(provider), model: NameBound.cut(model))
            case .toolCall(let name):
                self.kind = .toolCall(NameBound.cut(name))
            }
            self.began = began
        }
    }

    /// What has not ended; it is not in the sums.
    package var open: [Open] = []

    private(set) var responses: [ResponseKind: Responses] = [:]
    private(set) var toolSeconds: [ToolKind: Distribution] = [:]
    /// The calls of each tool.
    private(set) var tools: [String: ToolUse] = [:]

    private var models = NameBound()
    private var toolNames = NameBound()
    private var errors = NameBound()

    package init() {}

    /// Whether nothing was added.
    package var isEmpty: Bool { responses.isEmpty && tools.isEmpty }

    /// Ends all that is open, at the moment when its program was killed.
    package mutating func endOpen(at end: Date, errorType: String) {
        for operation in open {
            let duration = Duration.seconds(end.timeIntervalSince(operation.began))
            switch operation.kind {
            case .response(let provider, let model):
                addResponse(
                    provider: provider,
                    requestModel: model,
                    model: model,
                    inputTokens: nil,
                    outputTokens: nil,
                    duration: duration,
                    errorType: errorType
                )
            case .toolCall(let name):
                addToolCall(name, duration: duration, errorType: errorType, isDenied: false)
            }
        }
        open.removeAll()
    }

    /// Adds a response of the model.
    ///
    /// - Parameters:
    ///   - provider: Who serves the model, such as `anthropic`.
    ///   - requestModel: The model that was asked for, where that is known.
    ///   - model: The model that answered.
    ///   - inputTokens: All tokens of the input, those of the cache included; nil if nothing tells of them.
    ///   - outputTokens: All tokens of the output; nil if nothing tells the true number.
    ///   - duration: How long it took.
    ///   - errorType: The kind of failure; nil if it succeeded.
    package mutating func addResponse(
        provider: String,
        requestModel: String?,
        model: String,
        inputTokens: Int?,
        outputTokens: Int?,
        duration: Duration,
        errorType: String?
    ) {
        let kind = ResponseKind(
            provider: NameBound.cut(provider),
            requestModel: requestModel.map { models.admit($0) },
            model: models.admit(model),
            errorType: errorType.map { errors.admit($0) }
        )
        responses[kind, default: Responses()].add(inputTokens, outputTokens, duration)
    }

    /// Adds a tool call that is over.
    ///
    /// - Parameters:
    ///   - name: The tool's name.
    ///   - duration: How long it took.
    ///   - errorType: The kind of failure; nil if it succeeded.
    ///   - isDenied: Whether it was refused, which is no error of the tool.
    package mutating func addToolCall(_ name: String, duration: Duration, errorType: String?, isDenied: Bool) {
        let name = toolNames.admit(name)
        let kind = ToolKind(tool: name, errorType: errorType.map { errors.admit($0) })
        toolSeconds[kind, default: Distribution(bounds: OperationMetric.toolDuration.bounds)].add(duration.seconds)
        tools[name, default: ToolUse(tool: name)].add(isError: errorType != nil, isDenied: isDenied)
    }
}

extension AttemptOperations.Responses {
    fileprivate mutating func add(_ input: Int?, _ output: Int?, _ duration: Duration) {
        if let input { inputTokens.add(Double(max(0, input))) }
        if let output { outputTokens.add(Double(max(0, output))) }
        seconds.add(duration.seconds)
    }
}

extension Duration {
    /// In seconds, never below zero.
    fileprivate var seconds: Double { max(0, self / .seconds(1)) }
}
