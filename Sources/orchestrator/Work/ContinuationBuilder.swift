import Agents
import Foundation
import Journal
import Runner
import Sandbox

/// Orders the attempt that goes on with an earlier one: after an answer, or after an interruption.
struct ContinuationBuilder {
    private let workshop: Workshop
    /// Where the user wants it done, if not where it was.
    private let place: PlaceFlags?
    private let guidance: String?

    init(_ workshop: Workshop, place: PlaceFlags? = nil, guidance: String? = nil) {
        self.workshop = workshop
        self.place = place
        self.guidance = guidance
    }

    /// Goes on after a person's answer.
    ///
    /// - Throws: ``PreparationError`` if the run asks nothing, or has gone on already.
    func answering(_ run: String, with answer: Answer) async throws -> AttemptOrder {
        let previous = try await last(of: run)
        guard let end = previous.end, end.status == TaskStatus.needsHuman.rawValue else {
            throw refusal("asks nothing: it is \(Self.state(of: previous))", previous)
        }
        let text = try answer.text(options: end.options, recommendation: end.recommendation)
        let prompt = Prompt.answer(text, to: end.question, guidance: guidance)
        return try await order(after: previous, prompt: prompt, answer: text)
    }

    /// Goes on with an attempt that was interrupted, parked, or failed.
    ///
    /// - Throws: ``PreparationError`` if there is nothing to go on with, or if it is parked until later.
    func resuming(_ run: String) async throws -> AttemptOrder {
        let previous = try await last(of: run)
        guard let end = previous.end else {
            throw refusal("is at work: process \(previous.processID)", previous)
        }
        switch end.status {
        case TaskStatus.completed.rawValue: throw refusal("is completed", previous)
        case TaskStatus.needsHuman.rawValue:
            throw refusal("asks a question", previous, remedy: "orchestrator answer \(previous.runID) …")
        default: break
        }
        if let date = end.resumeAt, date > Date() {
            try await waitForReset(until: date, previous)
        }
        return try await order(after: previous, prompt: goOnPrompt(end), answer: nil)
    }

    private func goOnPrompt(_ end: AttemptRecord.End) -> String {
        let cause = Cause(rawValue: end.cause) ?? .agentBroke
        if cause == .contradicted || cause == .noChange {
            return Prompt.fix(JSONText.value(Verification.self, of: end.verification) ?? Verification())
        }
        return Prompt.goOn(because: "You were stopped before you were done (\(cause.row.words)).", guidance: guidance)
    }

    /// Waits until a usage limit is reset, if the user wants that.
    private func waitForReset(until date: Date, _ previous: AttemptRecord) async throws {
        guard workshop.settings.limits.waitsForReset else {
            throw PreparationError(
                exitCode: .limitReached,
                message:
                    "Run \(previous.runID) is parked until \(date.inISO8601), when the account's usage limit resets.",
                remedy: "orchestrator resume \(previous.runID) --wait"
            )
        }
        workshop.console.print(line: "Waiting until \(date.inISO8601) for the account's usage limit...")
        let stops = await StopSignals.stream()
        let stop = await withTaskGroup(of: StopCause?.self) { group in
            group.addTask {
                for await stop in stops { return stop }
                return nil
            }
            group.addTask {
                try? await Task.sleep(for: .seconds(max(0, date.timeIntervalSinceNow)))
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
        guard let stop else { return }
        throw PreparationError(exitCode: stop.cause.row.exitCode, message: "\(stop.cause.row.words) while waiting.")
    }

    private func order(after previous: AttemptRecord, prompt: String, answer: String?) async throws -> AttemptOrder {
        let journal = workshop.journal
        let settings = try workshop.settings.placed(as: previous, unless: place)
        let session = StreamSession.exists(in: previous.stream) ? previous.end?.sessionID ?? previous.sessionID : nil
        var random = SystemRandomNumberGenerator()
        let fresh = RunIdentity(random: &random)
        let attempts = try await journal.run(matching: previous.runID)
        let identity = RunIdentity(
            continuing: previous,
            number: (attempts.map(\.number).max() ?? previous.number) + 1,
            startedAt: fresh.startedAt,
            sessionID: session ?? fresh.sessionID
        )
        var used: [ModelUsage] = []
        if let session { used = try await journal.modelUsage(ofSession: session) }
        let stored = try await workshop.journal.storedPlan(of: previous)
        return AttemptOrder(
            planFile: previous.planFile,
            taskID: previous.taskID,
            storedPlan: stored,
            sandbox: settings.makeSandbox(environment: workshop.environment),
            workspace: settings.workspace,
            agent: settings.makeAgent(environment: workshop.environment),
            options: options(of: previous, settings),
            identity: identity,
            continuation: Continuation(
                previous: previous,
                prompt: prompt,
                continuesSession: session != nil,
                answer: answer,
                sessionUsage: used
            ),
            warnings: warnings(previous, stored: stored)
        )
    }

    /// The options that the earlier attempt had, with the limits that hold now.
    private func options(of previous: AttemptRecord, _ settings: Settings) -> TaskOptions {
        var options = settings.taskOptions(guidance: guidance)
        if let earlier = JSONText.value(TaskOptions.self, of: previous.options) {
            options.model = settings.model ?? earlier.model
            options.allowedTools = earlier.allowedTools
            options.trustsWorkspace = earlier.trustsWorkspace
        }
        return options
    }

    private func warnings(_ previous: AttemptRecord, stored: (content: [UInt8], path: String)?) -> [String] {
        guard let stored, let now = try? Data(contentsOf: URL(filePath: stored.path)) else { return [] }
        guard [UInt8](now) != stored.content else { return [] }
        return ["\(previous.planFile) has changed since; the attempt goes on with the plan as it was."]
    }

    private func last(of run: String) async throws -> AttemptRecord {
        let attempts = try await workshop.journal.run(matching: run)
        guard let last = attempts.max(by: { $0.number < $1.number }) else {
            throw PreparationError(exitCode: .usage, message: "There is no run \(run).")
        }
        guard !last.isReplayed else { throw refusal("is a replay, which has no session of its own", last) }
        return last
    }

    private func refusal(_ words: String, _ attempt: AttemptRecord, remedy: String? = nil) -> PreparationError {
        PreparationError(
            exitCode: .usage,
            message: "Run \(attempt.runID) (task \(attempt.taskID)) \(words).",
            remedy: remedy ?? "orchestrator show \(attempt.runID)"
        )
    }

    private static func state(of attempt: AttemptRecord) -> String {
        attempt.end?.status ?? "at work, process \(attempt.processID)"
    }
}

/// Whether an agent's session began at all, by what its stream holds.
enum StreamSession {
    static func exists(in stream: String) -> Bool {
        guard let file = FileHandle(forReadingAtPath: stream) else { return false }
        defer { try? file.close() }
        let head = (try? file.read(upToCount: 1 << 20)) ?? Data()
        return head.range(of: Data("\"session_id\"".utf8)) != nil
    }
}
