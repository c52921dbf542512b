import Plans

extension Console {
    /// Prints a plan's tasks and what is wrong with it, each complaint as `file:line: message`.
    func print(_ plan: Plan) {
        print(line: plan.milestone.heading)
        for task in plan.tasks {
            let criteria = task.criteria.count == 1 ? "1 criterion" : "\(task.criteria.count) criteria"
            let dependencies = task.dependsOn.isEmpty ? "" : ", after \(task.dependsOn.joined(separator: ", "))"
            print(line: "  \(task.id)  \(task.title) (\(criteria)\(dependencies))")
        }
        for complaint in plan.complaints {
            print(line: "\(plan.file):\(complaint.line): \(complaint.severity.rawValue): \(complaint.message)")
        }
    }
}
