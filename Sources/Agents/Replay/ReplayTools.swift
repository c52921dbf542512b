import Sandbox

/// Why a replay cannot go on as recorded.
enum ReplayObstacle: Error, Equatable {
    /// A call did not do what it had done in the recording.
    case diverged(String)
    /// A command was ended by a signal: somebody stops the attempt.
    case stopped(Termination)
}

/// Carries out recorded tool calls in a sandbox, as commands of the attempt.
struct ReplayTools: Sendable {
    private let sandbox: any Sandbox
    private let request: AgentRequest
    private let paths: ReplayPaths
    /// Where the next command runs: a `cd` inside the workspace lasts, as it does with the agent.
    private var directory: String?

    init(sandbox: any Sandbox, request: AgentRequest, recordedDirectory: String?) {
        self.sandbox = sandbox
        self.request = request
        paths = ReplayPaths(recorded: recordedDirectory, workspace: sandbox.workspace)
    }

    /// Carries out one call.
    ///
    /// - Throws: ``ReplayObstacle``, `SandboxError`, `CancellationError`.
    mutating func perform(_ call: ReplayCall) async throws {
        switch call {
        case .write(let path, let content):
            try await write(Array(content.utf8), to: try map(path, "Write"))
        case .edit(let path, let replacements):
            try await edit(try map(path, "Edit"), replacements)
        case .bash(let command, let mayExitWithOne, let inBackground):
            try await runBash(paths.map(command: command), mayExitWithOne, inBackground)
        }
    }

    private func map(_ path: String, _ tool: String) throws(ReplayObstacle) -> String {
        guard let mapped = paths.map(path) else {
            throw .diverged("\(tool) \(path): refused, the path is outside the workspace")
        }
        return mapped
    }

    private static let writeScript = #"mkdir -p -- "$(dirname -- "$1")" && cat > "$1""#

    private func write(_ content: [UInt8], to path: String) async throws {
        let output = try await run(["sh", "-c", Self.writeScript, "sh", path], input: content)
        guard output.code == 0 else { throw ReplayObstacle.diverged("Write \(path): \(output.words)") }
    }

    private func edit(_ path: String, _ replacements: [ReplayCall.Replacement]) async throws {
        let output = try await run(["sh", "-c", #"[ ! -e "$1" ] || cat -- "$1""#, "sh", path])
        guard output.code == 0 else { throw ReplayObstacle.diverged("Edit \(path): \(output.words)") }
        var content = output.bytes
        for replacement in replacements {
            guard let edited = replacement.apply(to: content) else {
                throw ReplayObstacle.diverged("Edit \(path): the text to replace is not there, or not just once")
            }
            content = edited
        }
        try await write(content, to: path)
    }
}

extension ReplayTools {
    /// Runs `$1` in bash and prints the directory that it ended in, then the end of its output.
    ///
    /// The output goes to a file, since a daemon that the command leaves behind would hold a pipe open.
    private static let bashScript = #"""
        d=$(mktemp -d) || exit 125
        bash -c 'trap "pwd -P >\"$0/cwd\"" EXIT; eval "$1"' "$d" "$1" >"$d/out" 2>&1 </dev/null
        code=$?
        printf '%s\n' "$(cat "$d/cwd" 2>/dev/null)"
        tail -c 2000 "$d/out"
        rm -rf "$d"
        exit "$code"
        """#

    private static let backgroundScript = #"bash -c "$1" >/dev/null 2>&1 </dev/null &"#

    private mutating func runBash(_ command: String, _ mayExitWithOne: Bool, _ inBackground: Bool) async throws {
        let script = inBackground ? Self.backgroundScript : Self.bashScript
        let output = try await run(["sh", "-c", script, "sh", command], in: directory)
        let lines = String(decoding: output.bytes, as: UTF8.self).split(
            separator: "\n",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        guard output.code == 0 || (mayExitWithOne && output.code == 1) else {
            let words = lines.count > 1 ? lines[1].split(separator: "\n").last.map(String.init) ?? "" : output.words
            let shown = command.split(separator: "\n").first.map { String($0.prefix(120)) } ?? ""
            throw ReplayObstacle.diverged("Bash `\(shown)`: exit code \(output.code) \(words)")
        }
        if let place = lines.first, !place.isEmpty { directory = paths.map(String(place)) }
    }

    /// What a command of the replay came to.
    private struct Output {
        var code: Int32
        var bytes: [UInt8]
        var standardError: String

        /// The last thing that it said, or its exit code.
        var words: String {
            standardError.split(separator: "\n").last.map(String.init) ?? "exit code \(code)"
        }
    }

    private func run(
        _ arguments: [String],
        in directory: String? = nil,
        input: [UInt8] = []
    ) async throws -> Output {
        let captured = CapturedBytes()
        let command = SandboxCommand(
            arguments,
            environment: request.environment,
            workingDirectory: directory,
            standardInput: input,
            attempt: request.attempt
        )
        let result = try await sandbox.run(command) { await captured.append($0) }
        if result.termination.isByStop { throw ReplayObstacle.stopped(result.termination) }
        let bytes = await captured.bytes
        return Output(code: result.termination.code, bytes: bytes, standardError: result.standardError)
    }
}

extension Termination {
    /// Whether it was ended the way that `Sandbox.stop` ends an attempt: SIGTERM, then SIGKILL, or a Ctrl-C.
    fileprivate var isByStop: Bool { [129, 130, 137, 143].contains(code) }
}

/// Gathers what a command prints.
private actor CapturedBytes {
    private(set) var bytes: [UInt8] = []

    func append(_ chunk: [UInt8]) {
        bytes += chunk
    }
}
