import Foundation
import Testing

/// What must hold where the program refuses to start anything.
enum Refusal {
    /// The beginning of a command line that asks for a task.
    static let task = ["task", Equipment.plan("hello_world.md"), "1.1"]
    static let key = ["ANTHROPIC_API_KEY": "sk-ant-test"]

    /// A receiver that must never get anything.
    private static let receiver = Task { try await Receiver() }

    /// Runs it for a person and for a program: the code and the words must be there, and nothing else may have happened.
    static func check(
        _ arguments: [String],
        environment: [String: String] = [:],
        code: Int32,
        says words: [String],
        in place: Place? = nil
    ) async throws {
        let receiver = try await Self.receiver.value
        let place = try place ?? Place(collector: nil)
        for form in [[], ["--json"]] {
            let collector = ["OTEL_EXPORTER_OTLP_ENDPOINT": receiver.server.url, "OTEL_METRIC_EXPORT_INTERVAL": "100"]
            let end = try await place.run(arguments + form, environment: collector.merging(environment) { $1 })
            #expect(end.code == code, "\(end.output)\(end.errors)")
            #expect(end.output == "", "a failure belongs on standard error")
            for word in words { #expect(end.errors.contains(word), "\(end.errors)") }
            #expect(!end.errors.contains("Error Domain"), "\(end.errors)")
            let lines = end.errors.split(separator: "\n")
            #expect(code == 64 || lines.count <= 4, "\(end.errors)")
        }
        #expect(try await place.journal().isEmpty)
        #expect(!FileManager.default.fileExists(atPath: place.state + "/runs"))
        #expect(try receiver.requests("traces").isEmpty)
        #expect(try receiver.requests("metrics").isEmpty)
    }
}
