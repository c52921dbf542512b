import ArgumentParser

/// The flags that say who is told of an outcome, and who is asked.
struct OutcomeFlags: ParsableArguments {
    @Flag(
        inversion: .prefixedNo,
        help: "Ask at the terminal when a person is needed; without a terminal nothing ever asks (default: --ask)."
    )
    var ask: Bool?

    @Option(
        help: """
            Post the result as JSON to this URL (http or https; none for nobody), by curl, 10 s at most; once more if it \
            cannot be reached or answers 5xx. A secret one is better given as ORCHESTRATOR_NOTIFY_URL, which no list of \
            processes shows.
            """
    )
    var notifyURL: NotifyURL?

    @Option(
        help: """
            Run this command of the shell after the outcome, 30 s at most, with the result as JSON on its standard input \
            and ORCHESTRATOR_STATUS, _TASK_ID, _RUN_ID, _ATTEMPT, _EXIT_CODE, _CAUSE and _VERDICT in its environment \
            (none for no command).
            """
    )
    var notifyCommand: String?
}
