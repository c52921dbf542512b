/// The program's exit codes: its whole contract with shells and CI.
///
/// The numbers from 64 on are those of `sysexits.h`; 129, 130, 137 and 143 are 128 plus the signal.
package enum ExitCode: Int32, Sendable, CaseIterable {
    /// The task is completed.
    case completed = 0
    /// The task failed.
    case failed = 1
    /// A person must answer a question.
    case needsHuman = 2
    /// The attempt was stopped at a limit.
    case limitReached = 3
    /// The command line or the configuration is wrong.
    case usage = 64
    /// The plan cannot be read, or the task is not in it.
    case planUnusable = 65
    /// The sandbox, the agent or the credential is missing or refused, or the task is being run already.
    case unavailable = 69
    /// A bug of our own.
    case internalError = 70
    /// The terminal is gone (SIGHUP).
    case hungUp = 129
    /// The user interrupted (SIGINT).
    case interrupted = 130
    /// The program was killed (SIGKILL); the next start records it.
    case killed = 137
    /// Asked to end (SIGTERM).
    case terminated = 143
}
