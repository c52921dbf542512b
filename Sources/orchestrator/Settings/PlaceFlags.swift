import ArgumentParser

/// The flags that say where the work is done: for every command that reaches into a sandbox.
struct PlaceFlags: ParsableArguments {
    @Option(help: "Where it is done: docker, local (bubblewrap) or none (default: docker).")
    var sandbox: SandboxChoice?

    @Option(help: "The container's name, for docker (default: ktrdr-sandbox).")
    var container: String?

    @Option(
        help: """
            The workspace: for docker its path inside the container (default: /workspace), else a directory of this \
            machine (default: the current one).
            """,
        completion: .directory
    )
    var workspace: String?
}
