package import Sandbox

/// Plays a recorded attempt, invocation by invocation: the same events and the same report, with its file changes and
/// commands really carried out.
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
        let count = recording.invocations.count
        guard (1...count).contains(request.invocation) else {
            let message = "the recording holds \(count == 1 ? "one invocation" : "\(count) invocations") of the agent"
            return AgentReport(
                ending: .replayDiverged(message: "\(message), and number \(request.invocation) is to be played"),
                termination: .exited(1)
            )
        }
        let invocation = recording.invocations[request.invocation - 1]
        var player = Player(
            tools: ReplayTools(sandbox: sandbox, request: request, recordedDirectory: directory),
            end: invocation.end,
            record: record,
            observe: observe,
            reader: SessionReader(earlierUsage: request.earlierUsage, trustsRecordTimes: false)
        )
        return try await play(invocation.steps, by: &player, clock: clock)
    }

    private func play(
        _ steps: [Recording.Step],
        by player: inout Player,
        clock: some Clock<Duration>
    ) async throws -> AgentReport {
        let start = clock.now
        for step in steps {
            try Task.checkCancellation()
            if let due = pace.due(step.offset) { try await clock.sleep(until: start.advanced(by: due), tolerance: nil) }
            if let stopped = try await player.play(step) { return stopped }
        }
        return try await player.finish()
    }
}

extension ReplayAgent {
    /// The state of a replay between two steps.
    private struct Player {
        var tools: ReplayTools
        let end: InvocationEnd?
        let record: @Sendable ([UInt8]) async throws -> Void
        let observe: @Sendable (AgentEvent) async -> Void
        var reader: SessionReader
        var divergence: String?

        /// Plays one step; a report comes back if the attempt was stopped meanwhile.
        mutating func play(_ step: Recording.Step) async throws -> AgentReport? {
            try await pass(on: reader.append(step.bytes, at: .now))
            for call in step.calls where divergence == nil {
                do {
                    try await tools.perform(call)
                } catch ReplayObstacle.diverged(let message) {
                    divergence = message
                } catch ReplayObstacle.stopped(let termination) {
                    var report = reader.state.report(termination: termination, standardError: "")
                    report.ending = AgentEnding(bySignal: termination) ?? .terminated
                    return report
                }
            }
            return nil
        }

        mutating func finish() async throws -> AgentReport {
            try await pass(on: reader.finish(at: .now))
            let state = reader.state
            let termination = end.map { Termination.exited($0.exitCode) } ?? state.likelyTermination
            var report = state.report(termination: termination, standardError: "")
            report.recordedStop = end?.stop
            if let divergence { report.ending = .replayDiverged(message: divergence) }
            return report
        }

        private func pass(on reading: SessionReader.Reading) async throws {
            if !reading.kept.isEmpty { try await record(reading.kept) }
            for event in reading.events { await observe(event) }
        }
    }
}

extension SessionState {
    /// How the recorded process must have ended, where the recording does not hold its exit code.
    fileprivate var likelyTermination: Termination {
        guard let lastResult else { return .exited(1) }
        return .exited(lastResult.isError == true ? 1 : 0)
    }
}
