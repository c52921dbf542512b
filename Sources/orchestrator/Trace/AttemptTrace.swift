import Foundation
import Journal
import OTLPWire
import Runner
import Sandbox
import SystemPackage

/// The trace of an attempt as far as it is kept on this machine.
struct AttemptTrace: Sendable {
    var attempt: RunRecord.Attempt
    /// Where its spans are, or should be.
    var file: String
    /// What the file has; nil if there is none yet.
    var recording: TraceRecording?

    /// Reads what is there of an attempt: beside its stream, or in the state directory, which may have been moved since.
    ///
    /// - Throws: `PreparationError` if there is a file that cannot be read.
    init(of attempt: RunRecord.Attempt, stateDirectory: String) throws {
        self.attempt = attempt
        let record = attempt.record
        let name = record.number == 1 ? "trace.jsonl" : "trace-\(record.number).jsonl"
        let moved = "\(stateDirectory)/runs/\(record.runID)/\(name)"
        file = attempt.traceFile ?? moved
        do {
            recording = try TraceRecording(path: file)
        } catch Errno.noSuchFileOrDirectory {
            recording = nil
        } catch {
            throw PreparationError(
                exitCode: .usage,
                message: "The spans of attempt \(record.number) in \(file) cannot be read: \(error.systemReason)."
            )
        }
    }

    /// The trace's id, 32 hexadecimal digits: as the journal has it, else as the spans have it.
    var traceID: String? { attempt.record.traceID ?? recording?.spans.first?.span.traceID.hex }
}
