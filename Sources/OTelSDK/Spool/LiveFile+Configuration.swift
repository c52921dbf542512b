import OTLPWire
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension LiveFile {
    /// The file of one ``OTel``, in the spool directory; nil where there is none.
    ///
    /// It has a quarter of the spool's bound, so that the requests of others keep their place.
    convenience init?(
        _ configuration: OTelConfiguration,
        resource: Resource,
        time: TimeSource,
        random: RandomSource,
        reporter: DiagnosticReporter
    ) {
        guard let path = configuration.spoolDirectory else { return nil }
        self.init(
            directory: SpoolDirectory(path: FilePath(path)),
            header: LiveFileHeader(process: getpid(), start: time.wallClock(), resource: resource),
            maximumBytes: configuration.maxSpoolBytes / 4,
            unique: random.next()
        ) { problem in
            reporter.report(.spool, "spans and log records are not safe from kill -9, as they have no file: \(problem)")
        }
    }
}
