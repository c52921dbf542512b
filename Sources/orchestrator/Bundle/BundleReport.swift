import Runner

/// What became of a bundle, as it is told.
struct BundleReport: Sendable {
    var runID: String
    /// Where it is, as the user named it.
    var path: String
    /// Its size.
    var bytes: Int
    /// How far each attempt was when it was packed.
    var states: [Bundler.State]
    var stage: BundleStage

    /// How many secrets were replaced.
    var redacted: Int { stage.files.reduce(0) { $0 + $1.redacted } }
}

extension Console {
    /// Says where a bundle is, and what is to be known before it is passed on.
    func print(_ report: BundleReport) {
        print(line: "Bundle:   \(report.path) (\(Self.bytes(report.bytes)))")
        print(line: "Redacted: \(report.redacted == 0 ? "nothing was found" : Self.counted(report.redacted, "secret"))")
        for file in report.stage.files where file.redacted > 0 {
            let kinds = file.redactionsByName.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
            print(line: "          \(file.name): \(kinds.joined(separator: ", "))")
        }
        for missing in report.stage.missing { print(line: "Missing:  \(missing.name), looked for at \(missing.path)") }
        for state in report.states {
            switch state.name {
            case "at_work":
                let process = "process \(state.processID)"
                print(line: "At work:  attempt \(state.attempt), \(process); it is packed as it is now")
            case "killed":
                print(line: "Killed:   attempt \(state.attempt) has no end yet; orchestrator reap closes it")
            default: break
            }
        }
        print(line: "Look through it before you pass it on: secrets that nobody could tell as such are in it still.")
    }
}

extension BundleReport: Encodable {
    private enum CodingKeys: String, CodingKey {
        case schemaVersion = "schema_version"
        case runID = "run_id"
        case path
        case bytes
        case isAtWork = "at_work"
        case files
        case missing
        case redactions
    }

    private struct File: Encodable {
        var name: String
        var bytes: Int
        var redactions: [String: Int]
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(1, forKey: .schemaVersion)
        try container.encode(runID, forKey: .runID)
        try container.encode(path, forKey: .path)
        try container.encode(bytes, forKey: .bytes)
        try container.encode(states.contains { $0.name == "at_work" }, forKey: .isAtWork)
        let files = stage.files.map { File(name: $0.name, bytes: $0.bytes, redactions: $0.redactionsByName) }
        try container.encode(files, forKey: .files)
        try container.encode(stage.missing.map(\.name), forKey: .missing)
        try container.encode(redacted, forKey: .redactions)
    }
}
