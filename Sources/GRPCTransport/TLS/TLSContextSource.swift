internal import Glibc

/// Gives each new connection of one client its context, made anew when one of the files has changed.
///
/// So a renewed certificate needs no restart. Belongs to one thread.
final class TLSContextSource {
    private let settings: TLSSettings
    private var last: (context: TLSContext, stamps: [Stamp?])?

    init(_ settings: TLSSettings) { self.settings = settings }

    func context() throws(TLSFailure) -> TLSContext {
        let files = [settings.certificateFile, settings.clientCertificateFile, settings.clientKeyFile]
        let stamps = files.map { $0.flatMap(Stamp.init) }
        if let last, last.stamps == stamps { return last.context }
        last = nil
        let context = try TLSContext(client: settings)
        last = (context, stamps)
        return context
    }

    /// What of a file changes when its contents do.
    private struct Stamp: Hashable {
        private let fields: [Int]

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            fields = [
                Int(truncatingIfNeeded: status.st_dev), Int(truncatingIfNeeded: status.st_ino), Int(status.st_size),
                status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
            ]
        }
    }
}
