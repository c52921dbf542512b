/// One task of a plan.
package struct PlanTask: Sendable, Equatable {
    /// One line under "Acceptance Criteria".
    package struct Criterion: Sendable, Equatable {
        /// The Markdown of the criterion in one line, without its marker and check box.
        package let text: String
        /// Whether its box is ticked; false where there is no box.
        package let isChecked: Bool
        /// The line it starts on, counted from 1.
        package let line: Int
        /// What a machine can check of it; nil if nothing for certain.
        package let check: CriterionCheck?

        package init(text: String, isChecked: Bool, line: Int, check: CriterionCheck? = nil) {
            self.text = text
            self.isChecked = isChecked
            self.line = line
            self.check = check
        }
    }

    /// The id as its author writes it: `1.1`, `2.5.1`, `3a.2`, `A.1`.
    package let id: String
    /// The header without its id; code spans stay as they are.
    ///
    /// `Task <id>` where the header says no more.
    package let title: String
    /// The text under "Description", else what stands before the first label; may be empty.
    package let description: String
    /// The paths under "File", "Files", "File(s)", "Files to modify/create", without backticks, each once.
    package let files: [String]
    /// The value of "Type", such as `CODING`.
    package let type: String?
    /// The acceptance criteria, in order.
    ///
    /// See ``CriteriaCollector`` for what counts as one.
    package let criteria: [Criterion]
    /// Ids of the tasks that must come first, in the order they are named, each once.
    package let dependsOn: [String]
    /// The commands that check the task, in order: those below `**Verify:**`, `**Verification:**`, `**Validation:**`,
    /// `**Validation Commands:**`, `**E2E …:**` and below headers of these names inside the section.
    ///
    /// See ``CommandCollector`` for what counts as one.
    package let verification: [CommandBlock]
    /// The line of the header, counted from 1.
    package let line: Int
    /// The task's own Markdown with its header, verbatim but for line ends, which are `\n`.
    package let section: String

    package init(
        id: String,
        title: String,
        description: String = "",
        files: [String] = [],
        type: String? = nil,
        criteria: [Criterion] = [],
        dependsOn: [String] = [],
        verification: [CommandBlock] = [],
        line: Int = 1,
        section: String = ""
    ) {
        self.id = id
        self.title = title
        self.description = description
        self.files = files
        self.type = type
        self.criteria = criteria
        self.dependsOn = dependsOn
        self.verification = verification
        self.line = line
        self.section = section
    }
}
