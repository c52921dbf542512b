import FoundationEssentials
import Sandbox

@testable import Agents

/// Real output of Claude Code 2.1.330, one file a case.
enum Sample {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: directory.appending(path: name)))
    }

    /// The names of all recorded streams.
    static let streams: [String] = {
        let names = try? FileManager.default.contentsOfDirectory(atPath: directory.path)
        return (names ?? []).filter { $0.hasPrefix("stream_") && $0.hasSuffix(".jsonl") }.sorted()
    }()

    /// What the report of a `stream_*.jsonl` sample is, given how the process ended.
    static func report(
        stream name: String,
        _ termination: Termination = .exited(0),
        standardError: String = ""
    ) throws -> AgentReport {
        report(of: try bytes(name), termination, standardError: standardError)
    }

    /// What the report of a `*.json` sample is, whose one result object stands for the stream's only record.
    static func report(json name: String) throws -> AgentReport {
        let sample = try JSONParser.value(of: bytes(name))
        let output = sample["stdout"] ?? .null
        let code = Int32(sample["_exit_code"]?.integer ?? 0)
        return report(
            of: Array((output.string ?? output.text).utf8),
            .exited(code),
            standardError: sample["_stderr"]?.string ?? ""
        )
    }

    static func report(
        of bytes: [UInt8],
        _ termination: Termination,
        standardError: String = ""
    ) -> AgentReport {
        var reader = SessionReader()
        _ = reader.append(bytes, at: moment)
        _ = reader.finish(at: moment)
        return reader.state.report(termination: termination, standardError: standardError)
    }

    /// When the bytes of a test come that is about no time.
    static let moment = WallTime(nanoseconds: 1_790_000_000_000_000_000)

    /// What a stream tells, but for its operations, which have tests of their own.
    static func events(_ bytes: [UInt8]) -> [AgentEvent] {
        var reader = SessionReader()
        return (reader.append(bytes, at: moment).events + reader.finish(at: moment).events).withoutOperations
    }

    /// What of a stream is kept for a replay.
    static func kept(_ bytes: [UInt8]) -> [UInt8] {
        var reader = SessionReader()
        return reader.append(bytes, at: moment).kept + reader.finish(at: moment).kept
    }
}

extension [AgentEvent] {
    /// All that is no operation.
    var withoutOperations: [AgentEvent] {
        filter { if case .operation = $0 { false } else { true } }
    }
}

/// A sandbox that runs nothing: each command is answered by a closure and remembered.
struct FakeSandbox: Sandbox {
    actor Log {
        var commands: [SandboxCommand] = []
        func add(_ command: SandboxCommand) { commands.append(command) }
    }

    struct Answer: Sendable {
        var output: [[UInt8]] = []
        var termination = Termination.exited(0)
        var standardError = ""
    }

    let kind = SandboxKind.local
    var workspace = "/workspace"
    let log = Log()
    var answer: @Sendable (SandboxCommand) async throws -> Answer = { _ in Answer() }

    func inspect() async throws -> SandboxDescription { SandboxDescription(kind: kind) }

    func run(
        _ command: SandboxCommand,
        output: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> CommandResult {
        await log.add(command)
        let answer = try await answer(command)
        for chunk in answer.output { try await output(chunk) }
        return CommandResult(termination: answer.termination, standardError: answer.standardError)
    }

    func stop(attempt: String, since: Date?, grace: Duration) async -> StopReport { StopReport() }
}

/// What a run handed over, in order.
actor Witness {
    private(set) var recorded: [UInt8] = []
    private(set) var events: [AgentEvent] = []

    func record(_ bytes: [UInt8]) { recorded += bytes }
    func observe(_ event: AgentEvent) { events += [event].withoutOperations }
}

extension Agent {
    func run(_ request: AgentRequest, in sandbox: any Sandbox, _ witness: Witness) async throws -> AgentReport {
        try await run(request, in: sandbox) {
            await witness.record($0)
        } observe: {
            await witness.observe($0)
        }
    }
}

extension AgentRequest {
    /// Each has an attempt of its own: on one machine, the sweep after one attempt ends all that bear its mark.
    static func stub(prompt: String = "Do it.", model: String? = nil, trustWorkspace: Bool = false) -> AgentRequest {
        AgentRequest(
            prompt: prompt,
            model: model,
            maxTurns: 50,
            allowedTools: ["Bash", "Read", "Write"],
            sessionID: "5c1f1d0a-6a51-4d0e-9b77-0b8f5c2f1a01",
            trustWorkspace: trustWorkspace,
            environment: ["TRACEPARENT": "00-1-2-01"],
            attempt: "attempt-\(UUID().uuidString)"
        )
    }
}

/// A directory of the test's own, gone at its end, with a sandbox that runs real commands in it.
struct Scratch: ~Copyable {
    let path: String
    let sandbox: BareSandbox

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "agents-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
        sandbox = BareSandbox(workspace: path, environment: ["PATH": "/usr/bin:/bin", "HOME": path])
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ text: String, to name: String, executable: Bool = false) throws {
        let url = URL(filePath: path).appending(path: name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        if executable {
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: url.path)
        }
    }

    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path).appending(path: name)), as: UTF8.self)
    }
}
