package import Plans

/// What the agent is told.
package enum Prompt {
    /// Builds the prompt for one task.
    ///
    /// `/ktask` is its very first character where the sandbox has that command, since the agent runs a command only
    /// there; where it has not, the command's own text takes its place. The task's section of the plan is included, so
    /// that the agent needs no plan file.
    ///
    /// - Parameters:
    ///   - task: The task.
    ///   - plan: The plan it belongs to.
    ///   - guidance: What the user adds.
    ///   - hasTaskCommand: Whether the sandbox has `/ktask`.
    /// - Returns: The whole prompt, which begins with no white space.
    package static func text(for task: PlanTask, of plan: Plan, guidance: String?, hasTaskCommand: Bool) -> String {
        let arguments = """
            impl: \(plan.file) task: \(task.id)
            \(guidance.map { "\nAdditional guidance: \($0)\n" } ?? "")
            This is the task, as the plan "\(plan.milestone.heading)" has it:

            \(task.section.trimmed)

            \(reportFormat)
            """
        return hasTaskCommand ? "/ktask " + arguments : TaskCommand.text(arguments: arguments)
    }

    /// What an agent is told in its own session whose claim the checks contradict.
    package static func fix(_ verification: Verification) -> String {
        let found =
            verification.failures.isEmpty
            ? "No file of the workspace was changed since this task began, and there is no check that passed."
            : "These checks failed:\n\n" + verification.evidence
        return """
            You reported STATUS: complete. The work was checked after that, by running commands in the workspace, and that \
            does not confirm it. \(found)

            Find the cause and mend it in the workspace; do not weaken a check or a test. If a check itself is wrong, or \
            cannot pass here, say so and report failed or needs_human.

            \(reportFormat)
            """
    }

    /// What an agent is told whose session goes on after a failure that was not its own.
    static func goOn(after reason: InvocationReason) -> String {
        let what =
            switch reason {
            case .usageLimit: "The account's usage limit stopped you; it has been reset since."
            default: "The connection broke off before you were done."
            }
        return goOn(because: what)
    }

    /// What an agent is told whose attempt was stopped and is resumed.
    package static func goOn(because what: String, guidance: String? = nil) -> String {
        """
        \(what) Go on with the same task. First look at the state of the workspace, since your last step may be half \
        done; then finish the task.
        \(guidance.map { "\nAdditional guidance: \($0)\n" } ?? "")
        \(reportFormat)
        """
    }

    /// What an agent is told that has asked a question.
    package static func answer(_ answer: String, to question: String?, guidance: String? = nil) -> String {
        let asked = question.map { "You asked: \($0.trimmed)\n\n" } ?? ""
        return """
            \(asked)The answer is: \(answer.trimmed)
            \(guidance.map { "\nAdditional guidance: \($0)\n" } ?? "")
            Go on with the same task and finish it.

            \(reportFormat)
            """
    }

    /// How the agent reports; ``Claim`` reads it.
    private static let reportFormat = """
        When complete, include in your final message:
        - STATUS: complete | needs_human | failed
        - If needs_human: QUESTION: <question> OPTIONS: <options> RECOMMENDATION: <rec>
        - If failed: ERROR: <what went wrong>
        """
}
