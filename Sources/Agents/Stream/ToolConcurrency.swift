/// Which tool calls of one response the agent runs side by side.
///
/// Measured with Claude Code 2.1.330: calls that only read run together, one that may change something runs alone, in the order
/// in which the model named them. Whether a shell command only reads cannot be told from outside, so it counts as one that may
/// change something.
enum ToolConcurrency {
    private static let readers: Set<String> = [
        "Agent", "Glob", "Grep", "LS", "ListMcpResourcesTool", "Read", "ReadMcpResourceTool", "Task", "WebFetch",
        "WebSearch",
    ]

    /// Whether a tool's calls run side by side with others of their kind.
    static func onlyReads(_ name: String) -> Bool { readers.contains(name) }
}
