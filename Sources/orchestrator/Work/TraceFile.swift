import Foundation
import OTelSDK
import Runner

/// The file that keeps the spans of an attempt as OTLP JSON lines.
enum TraceFile {
    /// `runs/ID/trace.jsonl` in the state directory, `trace-N.jsonl` for a later attempt of the run.
    static func path(_ settings: Settings, _ identity: RunIdentity) -> String {
        path(settings.stateDirectory, runID: identity.runID, attempt: identity.attemptNumber)
    }

    private static func path(_ stateDirectory: String, runID: String, attempt: Int) -> String {
        let name = attempt == 1 ? "trace.jsonl" : "trace-\(attempt).jsonl"
        return "\(stateDirectory)/runs/\(runID)/\(name)"
    }

    /// Adds what a killed run left of its trace to its file, so that the file has the whole of it.
    ///
    /// The file may have some of these spans already, which are the same; whoever reads it takes one of each.
    static func append(_ trace: RecoveredTrace, in stateDirectory: String) {
        guard let root = trace.spans.first(where: { $0.attributes["orchestrator.run.id"] != nil }),
            let runID = root.attributes["orchestrator.run.id"], !runID.contains("/"), runID != "..",
            let attempt = root.attributes["task.attempt"].flatMap(Int.init)
        else { return }
        let path = path(stateDirectory, runID: runID, attempt: attempt)
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW
        let descriptor = unsafe path.withCString { unsafe open($0, flags, 0o600) }
        guard descriptor >= 0 else { return }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        // The spans leave for the collector all the same; this is the copy to look at here.
        try? file.write(contentsOf: Data(trace.jsonLine))
    }
}
