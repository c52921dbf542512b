import Foundation
import Glibc

/// `Tests/JournalProbe` as a process of its own, whose lines go to a file.
final class Probe: Sendable {
    private let process: Process

    /// Starts it; its lines are added to the file `output`.
    init(_ arguments: [String], output: String) throws {
        if !FileManager.default.fileExists(atPath: output) {
            try Data().write(to: URL(fileURLWithPath: output))
        }
        let lines = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        try lines.seekToEnd()
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("JournalProbe")
        process.arguments = arguments
        process.environment = [:]
        process.standardOutput = lines
        process.standardError = lines
        try process.run()
        try lines.close()
    }

    /// Kills it, as the kernel does when memory is short.
    func kill() {
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Waits for its end: the exit code.
    func wait() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }
}
