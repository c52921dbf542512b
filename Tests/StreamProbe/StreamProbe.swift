import Agents
import FoundationEssentials
import Glibc
import Sandbox
import Synchronization
import SystemPackage

/// Follows a recorded stream as the runner follows a live one, and tells how fast that was.
///
///     StreamProbe FILE REPETITIONS
///
/// The file is fed again and again in chunks of 64 KiB. Prints one JSON object: bytes, events, seconds, and the peak of
/// resident memory in bytes after the first tenth and at the end.
@main
struct StreamProbe {
    static func main() async throws {
        let words = CommandLine.arguments
        guard words.count == 3, let repetitions = Int(words[2]), repetitions > 0 else { exit(64) }
        let sandbox = FileSandbox(path: words[1], repetitions: repetitions)
        let request = AgentRequest(
            prompt: "",
            maxTurns: 1,
            allowedTools: [],
            sessionID: "5c1f1d0a-6a51-4d0e-9b77-0b8f5c2f1a01",
            attempt: "probe"
        )
        let kept = Atomic(0)
        let events = Atomic(0)
        let clock = ContinuousClock()
        let start = clock.now
        _ = try await ClaudeCode(environment: [:]).run(request, in: sandbox) { bytes in
            kept.add(bytes.count, ordering: .relaxed)
        } observe: { _ in
            events.add(1, ordering: .relaxed)
        }
        let seconds = start.duration(to: clock.now) / .seconds(1)
        let bytes = sandbox.fed.load(ordering: .relaxed)
        print(
            #"{"bytes":\#(bytes),"kept":\#(kept.load(ordering: .relaxed)),"events":\#(events.load(ordering: .relaxed)),"#
                + #""seconds":\#(seconds),"early_peak":\#(sandbox.earlyPeak.load(ordering: .relaxed)),"peak":\#(peak())}"#
        )
    }
}

/// The largest resident memory so far, in bytes.
private func peak() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return (Int(line.filter(\.isNumber)) ?? 0) * 1024
}

/// A sandbox in which every agent's output is a file, some times over.
private final class FileSandbox: Sandbox {
    let kind = SandboxKind.none
    let workspace = "/workspace"
    let fed = Atomic(0)
    let earlyPeak = Atomic(0)
    private let path: String
    private let repetitions: Int

    init(path: String, repetitions: Int) {
        self.path = path
        self.repetitions = repetitions
    }

    func inspect() async throws -> SandboxDescription { SandboxDescription(kind: kind) }

    func run(
        _ command: SandboxCommand,
        output: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> CommandResult {
        guard command.isSupervised else { return CommandResult(termination: .exited(1)) }
        let file = try FileDescriptor.open(FilePath(path), .readOnly)
        defer { try? file.close() }
        for round in 0..<repetitions {
            try file.seek(offset: 0, from: .start)
            while true {
                let chunk = try unsafe [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
                    count = try unsafe file.read(into: UnsafeMutableRawBufferPointer(buffer))
                }
                if chunk.isEmpty { break }
                fed.add(chunk.count, ordering: .relaxed)
                try await output(chunk)
            }
            if round == repetitions / 10 { earlyPeak.store(peak(), ordering: .relaxed) }
        }
        return CommandResult(termination: .exited(0))
    }

    func stop(attempt: String, since: Date?, grace: Duration) async -> StopReport { StopReport() }
}
