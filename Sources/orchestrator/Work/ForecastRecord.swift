import Agents
import Journal
import Plans
import Runner

extension AttemptOrder {
    /// What earlier attempts let expect of this one.
    ///
    /// Nothing for a replay, which costs nothing, nor for what goes on with a session; and a journal that cannot tell it
    /// keeps nobody from work.
    func forecast(_ preparation: TaskPreparation, from journal: Journal) async -> Forecast? {
        guard !agent.isReplay, continuation == nil else { return nil }
        return try? await journal.forecast(
            planPath: preparation.planPath,
            taskID: preparation.task.id,
            agent: agent.name,
            model: options.model
        )
    }
}

/// A forecast in JSON.
struct ForecastRecord: Encodable {
    private let basis: String
    private let attempts: Int
    private let completed: Int
    private let duration: Double
    private let costUSD: Double?

    private enum CodingKeys: String, CodingKey {
        case basis
        case attempts
        case completed
        case duration = "duration_seconds"
        case costUSD = "cost_usd"
    }

    init(_ forecast: Forecast) {
        basis = forecast.basis.rawValue
        attempts = forecast.attempts
        completed = forecast.completed
        duration = Double(forecast.milliseconds) / 1000
        costUSD = forecast.costUSD
    }
}
