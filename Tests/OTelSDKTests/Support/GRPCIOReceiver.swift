import FoundationEssentials
import Testing

#if canImport(Glibc)
import Glibc
#endif

/// `Tests/Support/otlp_receiver.py`: a receiver on gRPC's C core and the official protobuf classes, code that is not ours.
final class GRPCIOReceiver: Sendable {
    struct NoPython: Error, CustomStringConvertible {
        var description: String {
            "ORCHESTRATOR_TEST_PYTHON names no Python with grpcio; run `make test`, which installs one and sets it"
        }
    }

    /// One line of the receiver's store; only what tests look at.
    struct Line: Decodable {
        var signal: String
        var reply: String
        var unknownFields: Bool?
        var request: JSON?

        enum CodingKeys: String, CodingKey {
            case signal, reply, request
            case unknownFields = "unknown_fields"
        }
    }

    let port: UInt16
    private let store: String
    private let process: pid_t
    private let input: Int32
    private let output: Int32
    private let directory: TemporaryDirectory

    /// Starts it and waits until it says that it listens; the script has its answers, as its own help describes them.
    init(script: String? = nil) throws {
        guard let python = ProcessInfo.processInfo.environment["ORCHESTRATOR_TEST_PYTHON"], !python.isEmpty else {
            throw NoPython()
        }
        directory = TemporaryDirectory()
        store = directory.path + "/requests.jsonl"
        let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        var words = [python, "/\(folder)/Support/otlp_receiver.py", "--store", store, "--until-stdin-closes"]
        if let script {
            directory.write(Array(script.utf8), to: "script.json")
            words += ["--script", directory.path + "/script.json"]
        }
        (process, input, output) = try Self.spawn(words)
        let line = Self.readLine(output)
        port = try #require(line.split(separator: ":").last.flatMap { UInt16($0) }, "it said \(line)")
    }

    deinit {
        close(input)
        close(output)
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
    }

    /// What arrived so far; each request is stored before it is answered.
    func lines() throws -> [Line] {
        let data = try Data(contentsOf: URL(filePath: store))
        return try data.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(Line.self, from: Data($0)) }
    }

    private static func spawn(_ words: [String]) throws -> (pid_t, Int32, Int32) {
        var toChild: [Int32] = [0, 0]
        var fromChild: [Int32] = [0, 0]
        let made = unsafe [pipe(&toChild), pipe(&fromChild)]
        try #require(made == [0, 0])
        for end in toChild + fromChild { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = unsafe posix_spawn_file_actions_t()
        _ = unsafe posix_spawn_file_actions_init(&actions)
        defer { _ = unsafe posix_spawn_file_actions_destroy(&actions) }
        _ = unsafe posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
        _ = unsafe posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        var environment = unsafe [strdup("PATH=/usr/bin:/bin"), nil]
        defer {
            for index in unsafe arguments.indices { unsafe free(arguments[index]) }
            for index in unsafe environment.indices { unsafe free(environment[index]) }
        }
        var process: pid_t = 0
        let result = unsafe posix_spawn(&process, words[0], &actions, nil, &arguments, &environment)
        close(toChild[0])
        close(fromChild[1])
        try #require(result == 0, "cannot start \(words[0])")
        return (process, toChild[1], fromChild[0])
    }

    private static func readLine(_ file: Int32) -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while unsafe read(file, &byte, 1) == 1, byte != UInt8(ascii: "\n") { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Any JSON value, to be looked into by keys and places.
enum JSON: Decodable, Equatable {
    case object([String: JSON])
    case array([JSON])
    case string(String)
    case number(Double)
    case bool(Bool)
    case null

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode([JSON].self) {
            self = .array(value)
        } else if let value = try? container.decode([String: JSON].self) {
            self = .object(value)
        } else {
            self = .null
        }
    }

    subscript(key: String) -> JSON {
        if case .object(let members) = self { return members[key] ?? .null }
        return .null
    }

    subscript(place: Int) -> JSON {
        if case .array(let values) = self, values.indices.contains(place) { return values[place] }
        return .null
    }

    var count: Int {
        if case .array(let values) = self { return values.count }
        return 0
    }

    /// The value of an attribute in a list of OTLP's key-value pairs.
    func attribute(_ key: String) -> JSON {
        guard case .array(let pairs) = self else { return .null }
        return pairs.first { $0["key"] == .string(key) }?["value"] ?? .null
    }
}
