import Agents
import Foundation
import Runner
import Synchronization

/// Tells a person everything that an agent says and does, a line each with its time of day.
final class EventLog: Sendable {
    private let console: Console
    /// Whether tool calls are told here, and not in a part of the screen.
    private let showsTools: Bool
    private let tools = Mutex(LiveTools())
    private let start = ContinuousClock.now

    init(console: Console, showsTools: Bool) {
        self.console = console
        self.showsTools = showsTools
    }

    /// Tells an event.
    func observe(_ event: RunEvent) {
        guard case .agent(let event) = event else { return }
        switch event {
        case .started(let session, let model, let version):
            let about = [model.map { "model \($0)" }, version.map { "version \($0)" }].compactMap(\.self)
            tell((["Session \(session)"] + about).joined(separator: ", "))
        case .text(let text, _, let parent): tell(text, isInner: parent != nil)
        case .rateLimit(let limit):
            let kind = limit.kind.map { " (\($0))" } ?? ""
            let reset = limit.resetsAt.map { ", resets at \(Console.timeOfDay(of: $0))" } ?? ""
            tell("Usage limit\(kind): \(limit.status.rawValue)\(reset)")
        case .malformed(let bytes, let reason): tell("A line of \(bytes) bytes could not be read: \(reason)")
        case .toolCall, .toolResult, .permissionDenied: if showsTools { observeTool(event) }
        case .messageStarted, .operation, .retry, .usage, .result, .activity, .unknown: break
        }
    }

    private func observeTool(_ event: AgentEvent) {
        let time = ContinuousClock.now - start
        switch event {
        case .toolCall(let id, let name, let input, let parent):
            let tool = tools.withLock { tools in
                tools.begin(id, name, input: input, parent: parent, at: time)
                return tools[id]
            }
            let argument = tool.map { console.mask.line($0.argument.text, isCut: $0.argument.isCut) } ?? ""
            tell("▸ \(name) \(argument)", isInner: parent != nil)
        case .permissionDenied(let tool, let reason):
            tools.withLock { $0.deny(tool, reason: reason) }
        case .toolResult(let id, let isError):
            let ended = tools.withLock { tools in
                defer { _ = tools.end(id, isError ? .failed : .succeeded, at: time) }
                return tools[id]
            }
            guard let tool = ended else { return }
            let length = LiveView.length(time - tool.start, isOver: true)
            let refusal = tool.refusal.map { ", denied: " + $0 } ?? ""
            tell("\(isError ? "✘" : "✔") \(tool.name) (\(length)\(refusal))", isInner: tool.parent != nil)
        default: break
        }
    }

    private func tell(_ text: String, isInner: Bool = false) {
        let indent = isInner ? "  " : ""
        let lines = console.mask.text(text).split(whereSeparator: \.isNewline)
        console.print(at: Date(), indent + lines.joined(separator: "\n" + Console.indent + indent))
    }
}
