import FoundationEssentials

@testable import Sandbox

extension SandboxCommand {
    /// A shell script with its arguments as `$1`, `$2` and so on.
    static func shell(
        _ script: String,
        _ arguments: String...,
        attempt: String? = nil,
        isSupervised: Bool = false
    ) -> SandboxCommand {
        SandboxCommand(["sh", "-c", script, "sh"] + arguments, attempt: attempt, isSupervised: isSupervised)
    }
}

extension CapturedOutput {
    var text: String { String(decoding: output, as: UTF8.self) }
}

/// An argument that `sleep` understands and that no other process has, so that a process can be found by it.
func uniqueSleepTime() -> String {
    "1000.\(UInt64.random(in: 1_000_000_000...UInt64.max))"
}

/// An attempt's id, for tests run side by side on one machine.
func uniqueAttempt() -> String {
    "attempt-\(UInt64.random(in: 1_000_000_000...UInt64.max))"
}

/// The processes of this machine, those of containers included, that have an argument: an eye of the tests' own, which
/// does not look at environments.
func processes(withArgument argument: String, named name: String? = nil) -> [Int32] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.compactMap { Int32($0) }.filter { id in
        guard let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") else { return false }
        let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        guard words.contains(argument) else { return false }
        return name.map { words[0] == $0 || words[0].hasSuffix("/" + $0) } ?? true
    }
}

/// The parent of a process of this machine, as proc_pid_stat(5) has it in its fourth field; nil if it has ended.
func parent(of id: Int32) -> Int32? {
    guard let stat = FileManager.default.contents(atPath: "/proc/\(id)/stat"),
        let name = stat.lastIndex(of: UInt8(ascii: ")"))
    else { return nil }
    let fields = stat[stat.index(after: name)...].split(separator: UInt8(ascii: " "))
    return fields.count > 1 ? Int32(String(decoding: fields[1], as: UTF8.self)) : nil
}

/// Waits until something is so.
func eventually(
    _ what: String,
    within limit: Duration = .seconds(60),
    _ isSo: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !isSo() {
        guard ContinuousClock.now < deadline else { throw TooLate(what: what) }
        try await Task.sleep(for: .milliseconds(20))
    }
}

struct TooLate: Error {
    var what: String
}

extension Sandbox {
    /// Starts a command, waits until it has written its first output, and hands the rest of the test its end.
    ///
    /// The command has to print something when it is ready, and to run on until it is stopped.
    @discardableResult
    func withRunning<Result: Sendable>(
        _ command: SandboxCommand,
        _ body: (Task<CapturedOutput, any Error>) async throws -> Result
    ) async throws -> Result {
        let (ready, signal) = AsyncStream.makeStream(of: Void.self)
        let running = Task {
            defer { signal.finish() }
            let collector = OutputCollector(limit: 1 << 20)
            let result = try await run(command) { chunk in
                collector.append(chunk)
                signal.yield()
            }
            return collector.captured(result)
        }
        return try await withTaskCancellationHandler {
            for await _ in ready { break }
            do {
                let result = try await body(running)
                running.cancel()
                _ = try? await running.value
                return result
            } catch {
                running.cancel()
                _ = try? await running.value
                throw error
            }
        } onCancel: {
            running.cancel()
        }
    }
}
