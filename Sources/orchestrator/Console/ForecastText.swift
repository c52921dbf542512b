import Journal

extension Console {
    /// Says in one line what earlier attempts let expect: `Similar tasks: 3m10s, $0.21, 4 of 5 completed (this plan)`.
    func print(_ forecast: Forecast?) {
        guard let forecast else { return }
        let cost = forecast.costUSD.map { "$" + Self.decimal($0, places: 2) } ?? "cost unknown"
        let time = LocalTime.length(seconds: (forecast.milliseconds + 500) / 1000)
        let basis =
            switch forecast.basis {
            case .task: "this task before"
            case .plan: "tasks of this plan"
            case .agent: "other plans"
            }
        printDetail(
            "Similar tasks: \(time), \(cost), \(forecast.completed) of \(forecast.attempts) completed (\(basis))"
        )
    }
}
