import Agents
import Foundation
import Journal
import Runner
import Sandbox

/// Orders the replays of a run's attempts, one after the other in one scratch workspace.
struct ReplayBuilder {
    private let workshop: Workshop
    /// Whether the user named the workspace; else one is made.
    private let hasOwnWorkspace: Bool

    init(_ workshop: Workshop, hasOwnWorkspace: Bool) {
        self.workshop = workshop
        self.hasOwnWorkspace = hasOwnWorkspace
    }

    /// The orders for all attempts of a run, or for those up to the one that is named.
    ///
    /// - Throws: ``PreparationError`` if the run, its plan or a stream is not there any more.
    func orders(for run: String) async throws -> [AttemptOrder] {
        let named = try await workshop.journal.run(matching: run)
        guard let last = named.max(by: { $0.number < $1.number }) else {
            throw PreparationError(exitCode: .usage, message: "There is no run \(run).")
        }
        let attempts = try await workshop.journal.run(matching: last.runID).filter { $0.number <= last.number }
            .sorted { $0.number < $1.number }
        var random = SystemRandomNumberGenerator()
        let identity = RunIdentity(random: &random)
        let (sandbox, workspace) = try await makeSandbox(for: identity)
        var orders: [AttemptOrder] = []
        for (place, attempt) in attempts.enumerated() {
            orders.append(try await order(attempt, at: place, of: attempts, identity, sandbox, workspace))
        }
        return orders
    }

    private func order(
        _ attempt: AttemptRecord,
        at place: Int,
        of attempts: [AttemptRecord],
        _ first: RunIdentity,
        _ sandbox: any Sandbox,
        _ workspace: String
    ) async throws -> AttemptOrder {
        var identity = first
        identity.attemptNumber = place + 1
        let settings = workshop.settings
        var options = JSONText.value(TaskOptions.self, of: attempt.options) ?? settings.taskOptions(guidance: nil)
        // The recording has its own ends; limits of the day and of the clock are not those of now.
        options.limits = AttemptLimits(time: .seconds(86_400), turns: .max)
        options.checkTimeLimit = settings.checkTimeout
        let pace = settings.replaySpeed == 0 ? ReplayPace.instant : .scaled(1 / settings.replaySpeed)
        var continuation: Continuation?
        if place > 0 {
            var previous = attempts[place - 1]
            previous.runID = identity.runID
            previous.id = "\(identity.runID).\(place)"
            continuation = Continuation(previous: previous, prompt: "replayed", answer: attempt.answer)
        }
        return AttemptOrder(
            planFile: attempt.planFile,
            taskID: attempt.taskID,
            storedPlan: try await workshop.journal.storedPlan(of: attempt),
            sandbox: sandbox,
            workspace: workspace,
            agent: ReplayAgent(recording: attempt.stream, pace: pace),
            options: options,
            identity: identity,
            continuation: continuation,
            warnings: place == 0 ? ["Replaying \(attempt.runID) in \(workspace) (\(sandbox.kind.rawValue))."] : []
        )
    }

    /// A sandbox with a workspace that is empty, unless the user named one.
    private func makeSandbox(for identity: RunIdentity) async throws -> (any Sandbox, String) {
        var settings = workshop.settings
        guard !hasOwnWorkspace else {
            return (settings.makeSandbox(environment: workshop.environment), settings.workspace)
        }
        if settings.sandbox == .docker {
            settings.workspace = "/tmp/orchestrator-replay-\(identity.runID)"
            let sandbox = settings.makeSandbox(environment: workshop.environment)
            _ = try await TaskPreparation.inspect(sandbox)
            _ = try await sandbox.run(
                SandboxCommand(["mkdir", "-p", settings.workspace], workingDirectory: "/"),
                output: { _ in }
            )
            return (sandbox, settings.workspace)
        }
        settings.workspace = "\(settings.stateDirectory)/replays/\(identity.runID)"
        try FileManager.default.createDirectory(atPath: settings.workspace, withIntermediateDirectories: true)
        return (settings.makeSandbox(environment: workshop.environment), settings.workspace)
    }
}
