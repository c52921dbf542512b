package import Sandbox

/// Plays a recorded session: the same events and the same report, with its file changes and commands really carried out.
///
/// Write, Edit, MultiEdit and Bash calls that succeeded in the recording are carried out in the sandbox at the moment of
/// their record, on paths mapped from the recorded working directory to the workspace. At the first one that fails the
/// rest of the recording is still told but nothing more is done, and the ending is ``AgentEnding/replayDiverged(message:)``.
package struct ReplayAgent: Agent {
    package let name = "claude-code"
    package let provider = "anthropic"
    package let isReplay = true

    /// The recording's path on the host.
    package let recording: String

    private let pace: ReplayPace
    private let clock: any Clock<Duration>

    /// - Parameters:
    ///   - recording: The path of a `stream.jsonl` on the host.
    ///   - pace: How fast to play it.
    ///   - clock: What the pace is kept by.
    package init(
        recording: String,
        pace: ReplayPace = .instant,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.recording = recording
        self.pace = pace
        self.clock = clock
    }

    package func inspect(in sandbox: any Sandbox) async throws -> AgentDescription {
        let recording = try Recording(path: recording)
        return AgentDescription(version: recording.initialization?.version)
    }

    package func run(
        _ request: AgentRequest,
        in sandbox: any Sandbox,
        record: @escaping @Sendable ([UInt8]) async throws -> Void,
        observe: @escaping @Sendable (AgentEvent) async -> Void
    ) async throws -> AgentReport {
        let recording = try Recording(path: recording)
        let directory = recording.initialization?.workingDirectory
        var player = Player(
            tools: ReplayTools(sandbox: sandbox, request: request, recordedDirectory: directory),
            record: record,
            observe: observe
        )
        return try await play(recording, by: &player, clock: clock)
    }

    private func play(
        _ recording: Recording,
        by player: inout Player,
        clock: some Clock<Duration>
    ) async throws -> AgentReport {
        let start = clock.now
        for step in recording.steps {
            try Task.checkCancellation()
            if let due = pace.due(step.offset) { try await clock.sleep(until: start.advanced(by: due), tolerance: nil) }
            if let stopped = try await player.play(step) { return stopped }
        }
        return await player.finish()
    }
}

extension ReplayAgent {
    /// The state of a replay between two steps.
    private struct Player {
        var tools: ReplayTools
        let record: @Sendable ([UInt8]) async throws -> Void
        let observe: @Sendable (AgentEvent) async -> Void
        var reader = SessionReader()
        var divergence: String?

        /// Plays one step; a report comes back if the attempt was stopped meanwhile.
        mutating func play(_ step: Recording.Step) async throws -> AgentReport? {
            try await record(step.bytes)
            for event in reader.append(step.bytes) { await observe(event) }
            for call in step.calls where divergence == nil {
                do {
                    try await tools.perform(call)
                } catch ReplayObstacle.diverged(let message) {
                    divergence = message
                } catch ReplayObstacle.stopped(let termination) {
                    return reader.state.report(termination: termination, ending: .interrupted)
                }
            }
            return nil
        }

        mutating func finish() async -> AgentReport {
            for event in reader.finish() { await observe(event) }
            let state = reader.state
            var report = state.report(termination: state.recordedTermination, standardError: "")
            if let divergence { report.ending = .replayDiverged(message: divergence) }
            return report
        }
    }
}

extension SessionState {
    /// How the recorded process must have ended: the stream does not hold its exit code.
    fileprivate var recordedTermination: Termination {
        guard let last = results.last else { return .exited(1) }
        return .exited(last.isError == true ? 1 : 0)
    }

    fileprivate func report(termination: Termination, ending: AgentEnding) -> AgentReport {
        var report = report(termination: termination, standardError: "")
        report.ending = ending
        return report
    }
}
