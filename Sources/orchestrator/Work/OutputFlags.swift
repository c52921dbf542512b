import ArgumentParser

/// The flags that say in which form an attempt is told.
struct OutputFlags: ParsableArguments {
    @Flag(help: "Print one JSON object on standard output instead of text.")
    var json = false

    @Flag(help: "Print JSON lines on standard output as it goes; the last one has the result.")
    var events = false

    @Option(
        help: "Write the outcome and the checks as JUnit XML to this file.",
        completion: .file(extensions: ["xml"])
    )
    var junit: String?

    @Flag(
        name: .shortAndLong,
        help: "Print the outcome's line only, and errors; nobody is asked."
    )
    var quiet = false

    @Flag(name: .shortAndLong, help: "Print every tool call and the agent's words too.")
    var verbose = false

    /// How much a person is told.
    var detail: Console.Detail { quiet ? .quiet : verbose ? .verbose : .normal }

    /// Whether standard output is left to a program.
    var isForProgram: Bool { json || events }

    func validate() throws {
        if json, events { throw ValidationError("--json and --events exclude each other.") }
        if quiet, verbose { throw ValidationError("--quiet and --verbose exclude each other.") }
    }
}
