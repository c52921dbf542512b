import Foundation

/// A child process with an environment of its own, its input and output in files so that no pipe can fill up.
enum Command {
    static func run(_ executable: String, _ arguments: [String], input: Data = Data()) throws -> Data {
        let directory = try temporaryDirectory()
        defer { try? FileManager.default.removeItem(at: directory) }
        let files = ["in", "out", "err"].map { name in directory.appending(path: name) }
        try input.write(to: files[0])
        for file in files.dropFirst() { try Data().write(to: file) }

        let process = Process()
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        process.environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"]
        let handles = [
            try FileHandle(forReadingFrom: files[0]), try FileHandle(forWritingTo: files[1]),
            try FileHandle(forWritingTo: files[2]),
        ]
        // Foundation keeps those of a process open for ever.
        defer { for handle in handles { try? handle.close() } }
        process.standardInput = handles[0]
        process.standardOutput = handles[1]
        process.standardError = handles[2]
        try process.run()
        process.waitUntilExit()

        let output = try Data(contentsOf: files[1])
        guard process.terminationStatus == 0 else {
            let complaint = output + (try Data(contentsOf: files[2]))
            throw PythonJudge.Failure(
                description: "exit \(process.terminationStatus): \(String(decoding: complaint, as: UTF8.self))"
            )
        }
        return output
    }

    static func temporaryDirectory() throws -> URL {
        let directory = FileManager.default.temporaryDirectory.appending(path: "otlpwire-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        return directory
    }
}
