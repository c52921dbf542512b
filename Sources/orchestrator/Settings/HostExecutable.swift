import Foundation
import SystemPackage

/// An executable of this machine that is to be seen inside the local sandbox.
struct HostExecutable: Sendable, Equatable {
    /// Its absolute path, with all symbolic links resolved.
    var path: String

    /// Finds an executable by its name in `PATH`, or nil.
    init?(_ name: String, environment: [String: String]) {
        let folders = environment["PATH"]?.split(separator: ":").filter { $0.hasPrefix("/") } ?? []
        let found = folders.lazy.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
        guard let found else { return nil }
        path = URL(fileURLWithPath: found).resolvingSymlinksInPath().path
    }

    /// Whether the sandbox shows it anyway, as it shows all of `/usr` and `/opt`.
    var isVisibleInside: Bool { path.hasPrefix("/usr/") || path.hasPrefix("/opt/") }
}
