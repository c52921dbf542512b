import Foundation

/// A Python program of Tests/Support that listens on loopback until this value goes away.
final class Server: Sendable {
    /// Where it listens.
    let port: Int
    private let program: Program

    /// Starts it and waits until it says its port.
    init(_ script: String, _ arguments: [String], files: String) async throws {
        let portFile = files + "/port-" + UUID().uuidString
        let path = "\(Equipment.root)/Tests/Support/\(script)"
        let program = try Program(
            Equipment.python,
            [path, "--port-file", portFile, "--until-stdin-closes"] + arguments,
            environment: Equipment.base,
            directory: files,
            files: files,
            keepsInputOpen: true
        )
        self.program = program
        port = try await eventually("\(script) to listen; it wrote: \(program.writtenSoFar)") {
            (try? String(contentsOfFile: portFile, encoding: .utf8))
                .flatMap { Int($0.trimmingCharacters(in: .newlines)) }
        }
    }

    var url: String { "http://127.0.0.1:\(port)" }
}

/// A model that answers from a script (Tests/Support/scripted_model.py).
struct Model: Sendable {
    let server: Server
    private let log: String
    private let answered: String

    /// Starts one with a scenario: a built-in name, or the text of a JSON scenario.
    init(_ scenario: String, in place: Place) async throws {
        var name = scenario
        if scenario.hasPrefix("{") {
            name = place.directory + "/scenario-\(UUID().uuidString).json"
            try Data(scenario.utf8).write(to: URL(filePath: name))
        }
        log = place.directory + "/model-\(UUID().uuidString).jsonl"
        answered = place.directory + "/answers-\(UUID().uuidString).jsonl"
        for file in [log, answered] { try Data().write(to: URL(filePath: file)) }
        let arguments = ["--scenario", name, "--log", log, "--answers", answered]
        server = try await Server("scripted_model.py", arguments, files: place.directory)
    }

    /// The answers that were given, with the times of request and answer.
    var answers: [JSON] {
        get throws {
            try Data(contentsOf: URL(filePath: answered)).split(separator: 0x0A).map { try JSON($0) }
        }
    }

    /// The requests that arrived, headers and bodies.
    var requests: [JSON] {
        get throws {
            try Data(contentsOf: URL(filePath: log)).split(separator: 0x0A).map { try JSON($0) }
        }
    }
}
