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

    /// How the agent reports; ``Claim`` reads it.
    private static let reportFormat = """
        When complete, include in your final message:
        - STATUS: complete | needs_human | failed
        - If needs_human: QUESTION: <question> OPTIONS: <options> RECOMMENDATION: <rec>
        - If failed: ERROR: <what went wrong>
        """
}
