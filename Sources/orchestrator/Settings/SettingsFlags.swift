import ArgumentParser

/// The flags that set what the environment and `orchestrator.yaml` can set too, in groups.
///
/// A command takes all of them, or only the groups that mean something to it; see its other initializer.
struct SettingsFlags: ParsableArguments {
    @OptionGroup(title: "Agent")
    var agent: AgentFlags

    @OptionGroup(title: "Sandbox")
    var place: PlaceFlags

    @OptionGroup(title: "Limits")
    var limits: LimitFlags

    @OptionGroup(title: "Checks")
    var checks: CheckFlags

    @OptionGroup(title: "Checks")
    var fix: FixFlags

    @OptionGroup(title: "Outcome")
    var outcome: OutcomeFlags

    @OptionGroup(title: "Trace")
    var trace: TraceFlags

    init() {}

    /// The flags of a command that takes only some of the groups; the others are as if nobody had given one.
    init(
        place: PlaceFlags? = nil,
        agent: AgentFlags? = nil,
        limits: LimitFlags? = nil,
        checks: CheckFlags? = nil,
        fix: FixFlags? = nil,
        outcome: OutcomeFlags? = nil,
        trace: TraceFlags? = nil
    ) throws {
        self = try Self.parse([])
        if let place { self.place = place }
        if let agent { self.agent = agent }
        if let limits { self.limits = limits }
        if let checks { self.checks = checks }
        if let fix { self.fix = fix }
        if let outcome { self.outcome = outcome }
        if let trace { self.trace = trace }
    }
}
