import Runner

/// A command of the user's shell that is run after an outcome, with the result as JSON on its standard input.
///
/// What it prints goes to our standard error: standard output is the result's own.
struct CommandHook: Sendable {
    var command: String
    /// The environment that it gets besides the result's variables.
    var environment: [String: String]
    /// How long it may take; then it is killed, with its process group.
    var limit: Duration

    /// Runs it.
    ///
    /// - Returns: What failed, in a line; nil if nothing did.
    func run(_ body: [UInt8], of result: TaskResult) async -> String? {
        let hook = HostCommand(
            executable: "/bin/sh",
            arguments: ["-c", command],
            environment: environment.merging(Self.variables(of: result)) { $1 },
            input: body,
            output: .passedOn
        )
        do {
            let ending = try await hook.run(within: limit)
            return ending.code == 0 ? nil : "The notify command failed with exit code \(ending.code)."
        } catch HostCommand.Failure.tookTooLong {
            return "The notify command had not ended after \(limit.components.seconds) s, and was killed."
        } catch {
            return "The notify command could not be run: \(error)"
        }
    }

    /// What the command learns without reading JSON.
    private static func variables(of result: TaskResult) -> [String: String] {
        [
            "ORCHESTRATOR_STATUS": result.status.rawValue,
            "ORCHESTRATOR_TASK_ID": result.taskID,
            "ORCHESTRATOR_RUN_ID": result.runID,
            "ORCHESTRATOR_ATTEMPT": String(result.attemptNumber),
            "ORCHESTRATOR_EXIT_CODE": String(result.exitCode.rawValue),
            "ORCHESTRATOR_CAUSE": result.cause.rawValue,
            "ORCHESTRATOR_VERDICT": result.verdict.rawValue,
        ]
    }
}
