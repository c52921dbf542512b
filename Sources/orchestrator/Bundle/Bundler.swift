import Foundation
import Journal
import Plans
import Runner
import Sandbox

/// Packs what is kept of a run for a report to others: result, section of the plan, streams, traces and versions, all of it
/// through the redactor.
struct Bundler: Sendable {
    let journal: Journal
    let settings: Settings
    let environment: [String: String]

    /// The version of the manifest: it grows when a field changes its meaning or goes.
    static let schemaVersion = 1

    /// How long a look at the files' hashes may take.
    private static let hashPatience = Duration.seconds(60)

    /// Makes the bundle of a run's attempts.
    ///
    /// - Parameters:
    ///   - attempts: The attempts, at least one, oldest first.
    ///   - archive: The file that it becomes.
    /// - Returns: What became of it.
    /// - Throws: ``PreparationError``, `CancellationError`, or what SQLite says.
    func bundle(_ attempts: [AttemptRecord], into archive: BundleArchive) async throws -> BundleReport {
        let runID = attempts.first?.runID ?? ""
        let secrets = settings.knownSecrets(environment: environment)
        do {
            var stage = try BundleStage(name: "orchestrator-bundle-\(runID)", known: secrets)
            defer { stage.remove() }
            try stage.add(try await result(of: attempts).json, as: "result.json")
            try await addPlan(of: attempts, to: &stage)
            for attempt in attempts { try await addFiles(of: attempt, to: &stage) }
            let states = attempts.map { State(of: $0) }
            try stage.add(await manifest(of: attempts, states, stage), as: "manifest.json")
            let size = try await archive.pack(stage)
            return BundleReport(runID: runID, path: archive.path, bytes: size, states: states, stage: stage)
        } catch let error where !(error is PreparationError || error is CancellationError || error is JournalError) {
            throw PreparationError(
                exitCode: .unavailable,
                message: "The bundle of run \(runID) could not be made: \(error.systemReason).",
                remedy: "TMPDIR names where it is put together"
            )
        }
    }

    /// How far an attempt is.
    struct State: Sendable, Equatable {
        var attempt: Int
        var processID: Int32
        /// Ended, at work, or killed without an end in the journal.
        var name: String

        init(of record: AttemptRecord) {
            attempt = record.number
            processID = record.processID
            name = record.end != nil ? "ended" : StreamFile.isHeld(record.stream) ? "at_work" : "killed"
        }
    }

    private func result(of attempts: [AttemptRecord]) async throws -> BundledRun {
        var usage: [String: [UsageRecord]] = [:]
        for attempt in attempts { usage[attempt.id] = try await journal.usage(ofAttempt: attempt.id) }
        return BundledRun(attempts: attempts, usage: usage)
    }

    /// Adds the task's own section as the last attempt had it; nothing of other tasks.
    private func addPlan(of attempts: [AttemptRecord], to stage: inout BundleStage) async throws {
        guard let attempt = attempts.last(where: { $0.planHash != nil }), let hash = attempt.planHash,
            let stored = try await journal.plan(hash: hash),
            let task = Plan(parsing: [UInt8](stored.content), file: attempt.planFile).task(attempt.taskID)
        else { return stage.note(missing: "plan.md", at: attempts.last?.planFile ?? "") }
        try stage.add(task.section.hasSuffix("\n") ? task.section : task.section + "\n", as: "plan.md")
    }

    private func addFiles(of attempt: AttemptRecord, to stage: inout BundleStage) async throws {
        let stream = StreamFile.path(
            directory: settings.stateDirectory,
            runID: attempt.runID,
            attemptNumber: attempt.number
        )
        // The state directory may have been moved since.
        try await stage.add(fileAt: [attempt.stream, stream], as: Self.fileName("stream", attempt))
        let name = Self.fileName("trace", attempt)
        let folders = [attempt.stream, stream].map {
            $0.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        }
        try await stage.add(fileAt: folders.map { $0.joined(separator: "/") + "/" + name }, as: name)
    }

    private static func fileName(_ kind: String, _ attempt: AttemptRecord) -> String {
        attempt.number == 1 ? "\(kind).jsonl" : "\(kind)-\(attempt.number).jsonl"
    }

    private func manifest(of attempts: [AttemptRecord], _ states: [State], _ stage: BundleStage) async -> JSONTree {
        async let versions = BundleSurroundings(environment: environment).versions(of: attempts)
        let hashes = await hashes(of: stage)
        let files = stage.files.map { file -> JSONTree in
            .object([
                "name": .string(file.name), "bytes": .integer(file.bytes), "sha256": .text(hashes[file.name]),
                "redactions": .object(file.redactionsByName.mapValues(JSONTree.integer)),
            ])
        }
        return .object([
            "schema_version": .integer(Self.schemaVersion),
            "run_id": .text(attempts.first?.runID),
            "task_id": .text(attempts.first?.taskID),
            "made_at": .string(Date().inISO8601),
            "attempts": .array(
                states.map { .object(["attempt": .integer($0.attempt), "state": .string($0.name)]) }
            ),
            "files": .array(files),
            "missing": .array(
                stage.missing.map { .object(["name": .string($0.name), "path": .string($0.path)]) }
            ),
            "versions": await versions,
        ])
    }

    /// The SHA-256 of the files, by their names, where the machine has `sha256sum`.
    private func hashes(of stage: BundleStage) async -> [String: String] {
        guard let path = HostExecutable.find("sha256sum", in: environment) else { return [:] }
        let command = HostCommand(
            executable: path,
            arguments: stage.files.map { stage.path(of: $0.name) },
            environment: environment
        )
        guard let ending = try? await command.run(within: Self.hashPatience), ending.code == 0 else { return [:] }
        let lines = ending.text.split(separator: "\n")
        return Dictionary(zip(stage.files.map(\.name), lines.map { String($0.prefix(64)) })) { first, _ in first }
    }
}
