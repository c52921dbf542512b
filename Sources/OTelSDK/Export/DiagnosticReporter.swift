import Synchronization

/// Hands diagnostics to the user's hook, at most one of a kind in ten seconds; the others are counted.
///
/// Lines about settings come once, at the start, and are all handed on.
final class DiagnosticReporter: Sendable {
    private struct Record {
        let kind: OTelDiagnostic.Kind
        var lastTime: Duration
        var heldBack = 0
    }

    private static let quietTime = Duration.seconds(10)

    /// One of each kind that was reported, in a list, as there are few kinds.
    private let records = Mutex<[Record]>([])
    private let time: TimeSource
    private let hook: @Sendable (OTelDiagnostic) -> Void

    init(_ time: TimeSource, hook: @escaping @Sendable (OTelDiagnostic) -> Void) {
        self.time = time
        self.hook = hook
    }

    func report(_ kind: OTelDiagnostic.Kind, _ message: @autoclosure () -> String) {
        let now = time.now()
        let heldBack: Int? = records.withLock { records in
            guard let place = records.firstIndex(where: { $0.kind == kind }) else {
                records.append(Record(kind: kind, lastTime: now))
                return 0
            }
            if kind != .configuration, now - records[place].lastTime < Self.quietTime {
                records[place].heldBack += 1
                return nil
            }
            let heldBack = records[place].heldBack
            records[place] = Record(kind: kind, lastTime: now)
            return heldBack
        }
        guard let heldBack else { return }
        let suffix = heldBack == 0 ? "" : " (and \(heldBack) more of this kind since the last line)"
        hook(OTelDiagnostic(kind: kind, message: message() + suffix))
    }
}
