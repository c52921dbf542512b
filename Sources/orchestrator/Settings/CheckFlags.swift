import ArgumentParser

/// The flags that bound our own checks.
struct CheckFlags: ParsableArguments {
    @Option(help: "The limit of time of each check, such as 30s or 5m (default: 5m).")
    var checkTimeout: TimeSpan?
}

/// The flag that says what follows a check that contradicts the agent.
struct FixFlags: ParsableArguments {
    @Option(help: "How often the agent is shown what our checks found, to mend it, 0 to 10 (default: 0).")
    var fix: Int?

    func validate() throws {
        if let fix, !LimitSettings.fewTimes.contains(fix) { throw ValidationError("--fix takes 0 to 10.") }
    }
}
