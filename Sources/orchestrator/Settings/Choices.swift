import ArgumentParser
import Sandbox

/// Who does the work.
enum AgentChoice: Equatable, Sendable {
    /// Claude Code.
    case claude
    /// A recorded stream, at this path.
    case replay(String)
}

extension AgentChoice: ExpressibleByArgument {
    init?(argument: String) {
        let prefix = "replay:"
        if argument == "claude" {
            self = .claude
        } else if argument.hasPrefix(prefix), argument.count > prefix.count {
            self = .replay(String(argument.dropFirst(prefix.count)))
        } else {
            return nil
        }
    }
}

/// Where the work is done.
enum SandboxChoice: String, Sendable, CaseIterable, ExpressibleByArgument {
    case docker
    case local
    case none
}
