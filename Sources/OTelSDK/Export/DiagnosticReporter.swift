import Synchronization

/// Hands diagnostics to the user's hook, at most one of a kind in ten seconds; the others are counted.
///
/// Lines about settings come once, at the start, and are all handed on.
final class DiagnosticReporter: Sendable {
    private struct Record {
        var lastTime: Duration
        var heldBack = 0
    }

    private static let quietTime = Duration.seconds(10)

    private let records = Mutex<[OTelDiagnostic.Kind: Record]>([:])
    private let time: TimeSource
    private let hook: @Sendable (OTelDiagnostic) -> Void

    init(_ time: TimeSource, hook: @escaping @Sendable (OTelDiagnostic) -> Void) {
        self.time = time
        self.hook = hook
    }

    func report(_ kind: OTelDiagnostic.Kind, _ message: @autoclosure () -> String) {
        let now = time.now()
        let heldBack: Int? = records.withLock { records in
            if kind != .configuration, let record = records[kind], now - record.lastTime < Self.quietTime {
                records[kind]?.heldBack += 1
                return nil
            }
            let heldBack = records[kind]?.heldBack ?? 0
            records[kind] = Record(lastTime: now)
            return heldBack
        }
        guard let heldBack else { return }
        let suffix = heldBack == 0 ? "" : " (and \(heldBack) more of this kind since the last line)"
        hook(OTelDiagnostic(kind: kind, message: message() + suffix))
    }
}
