/// The text of the command `/ktask`, for sandboxes that do not have it.
package enum TaskCommand {
    /// The command's text with its arguments in place, as the agent would have expanded it.
    static func text(arguments: String) -> String {
        body.replacing("$ARGUMENTS", with: arguments)
    }

    /// The same as `deploy/environments/sandbox/ktask.md` below its front matter; a test holds the two together.
    package static let body = """
        Do one task of a plan. The task stands at the end, after these rules.

        1. Read the task as it is given below: its description, files and acceptance criteria are the whole order. If it names a
           plan file that is not there, go on without it. Do nothing that belongs to another task.
        2. Look at the repository before you change it: README, contribution notes, neighbouring code and tests, and how it is
           built and checked. Follow its conventions, names, layout and formatting. Add no dependency that the task does not ask for.
        3. Where the repository has tests, or a criterion can be tested, write the test first and see it fail.
        4. Make the smallest change that meets every criterion.
        5. Run the tests and the checks that the repository has, and try every criterion for real. Mend what you broke. Never
           weaken a test, a check or a criterion to get past it.
        6. Do not ask and wait: nobody answers during the work. If you cannot go on without a decision that is not yours to
           take, stop and report needs_human; leave the files in a sound state.

        End your last message with a short account of what you changed and what you ran, then with these lines, each starting
        at the beginning of a line, without any markup, and with only those that apply:

        STATUS: complete, needs_human or failed (one of the three words)
        QUESTION: with needs_human: the one question that must be answered
        OPTIONS: with needs_human: the possible answers, separated by commas
        RECOMMENDATION: with needs_human: the answer that you would choose, and why
        ERROR: with failed: what went wrong, and what was tried

        Report complete only if every criterion is met and you have seen it met.

        The task:

        $ARGUMENTS
        """
}
