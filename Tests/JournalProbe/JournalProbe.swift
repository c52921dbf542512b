import Foundation
import Glibc
import Journal

/// A program to be killed, and one to measure with.
///
///     JournalProbe loop STATE PLAN     begins, advances and ends attempts at task 1.1 of PLAN without pause
///     JournalProbe hold STATE PLAN     begins one, and waits
///     JournalProbe time STATE          tells how long each question to the journal takes
///
/// `loop` and `hold` say each fact in one line once it is recorded: `begun ATTEMPT`, `used ATTEMPT TOKENS`, `ended ATTEMPT`.
@main
struct JournalProbe {
    static func main() async throws {
        let words = CommandLine.arguments
        switch (words.dropFirst().first, words.count) {
        case ("loop", 4):
            let journal = try Journal(directory: words[2])
            while true { try await work(journal, plan: words[3]) }
        case ("hold", 4):
            let journal = try Journal(directory: words[2])
            let (_, stream) = try await begin(journal, plan: words[3])
            while true { sleep(1000) }
            withExtendedLifetime(stream) {}
        case ("time", 3):
            try await Timing(directory: words[2]).run()
        default:
            exit(64)
        }
    }

    private static func begin(_ journal: Journal, plan path: String) async throws -> (AttemptRecord, StreamFile) {
        let run = UUID().uuidString.lowercased()
        let stream = try StreamFile(directory: journal.directory, runID: run)
        let attempt = AttemptRecord(
            id: run + ".1",
            runID: run,
            planFile: path,
            milestoneID: "1",
            taskID: "1.1",
            taskTitle: "Be killed",
            agent: "probe",
            sandbox: "local",
            isReplayed: false,
            processID: getpid(),
            startedAt: Date(),
            stream: stream.path,
            planPath: path,
            planHash: path,
            sessionID: run
        )
        let plan = PlanRecord(hash: path, path: path, content: Data(path.utf8), firstSeen: Date())
        try await journal.begin(attempt, plan: plan)
        say("begun \(attempt.id)\n")
        return (attempt, stream)
    }

    private static func work(_ journal: Journal, plan: String) async throws {
        var (attempt, stream) = try await begin(journal, plan: plan)
        for tokens in 1...3 {
            try stream.append([0x0A])
            try await journal.progress(attempt.id, usage: [usage(of: attempt, tokens)])
            say("used \(attempt.id) \(tokens)\n")
        }
        attempt.end = AttemptRecord.End(
            at: Date(),
            milliseconds: 1,
            status: "completed",
            cause: "claimed",
            exitCode: 0,
            verdict: "unchecked"
        )
        try await journal.finish(attempt, usage: [usage(of: attempt, 4)])
        say("ended \(attempt.id)\n")
        try stream.close()
    }

    private static func usage(of attempt: AttemptRecord, _ tokens: Int) -> UsageRecord {
        UsageRecord(
            attemptID: attempt.id,
            model: "m",
            inputTokens: tokens,
            outputTokens: 0,
            cacheReadTokens: 0,
            cacheCreationTokens: 0,
            costUSD: 0.25
        )
    }

    /// One write, so that a line is there whole or not at all.
    static func say(_ line: String) {
        let bytes = Array(line.utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(1, $0.baseAddress, $0.count) }
    }
}
