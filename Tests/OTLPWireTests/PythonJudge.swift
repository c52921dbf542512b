import Foundation
import Testing

/// Runs the Python side of the tests: code over PyPI's opentelemetry-proto, which we did not write.
struct PythonJudge {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// The repository, from this file's own place in it.
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private let interpreter: String

    init() throws {
        guard let path = ProcessInfo.processInfo.environment["ORCHESTRATOR_TEST_PYTHON"], !path.isEmpty else {
            throw Failure(
                description: "ORCHESTRATOR_TEST_PYTHON names no Python with opentelemetry-proto: run make test"
            )
        }
        interpreter = path
    }

    /// What the bytes say, as a canonical JSON text.
    func json(of bytes: [UInt8], as message: String) throws -> String {
        let output = try run(script: "otlp_json.py", ["decode", message], input: Data(bytes))
        return try Self.canonical(output)
    }

    /// What one line of OTLP JSON says, as a canonical JSON text in protobuf's own mapping.
    func json(ofLine line: [UInt8], as message: String) throws -> String {
        try Self.canonical(try run(script: "otlp_json.py", ["line", message], input: Data(line)))
    }

    /// The bytes that the other implementation makes of a JSON text.
    func bytes(of json: String, as message: String) throws -> [UInt8] {
        [UInt8](try run(script: "otlp_json.py", ["encode", message], input: Data(json.utf8)))
    }

    /// Runs a script of `Tests/Support`; throws what it printed if it does not exit with 0.
    @discardableResult
    func run(script: String, _ arguments: [String], input: Data = Data()) throws -> Data {
        let path = Self.root.appending(path: "Tests/Support/\(script)").path
        return try Command.run(interpreter, [path] + arguments, input: input)
    }

    /// Keys sorted and spaces gone, so that equal texts mean equal contents.
    static func canonical(_ json: Data) throws -> String {
        let object = try JSONSerialization.jsonObject(with: json)
        let data = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .prettyPrinted])
        return String(decoding: data, as: UTF8.self)
    }

    static func canonical(_ json: String) throws -> String {
        try canonical(Data(json.utf8))
    }
}
