import Foundation
import SystemPackage

/// An executable of this machine that is to be seen inside the local sandbox.
struct HostExecutable: Sendable, Equatable {
    /// Its absolute path, with all symbolic links resolved.
    var path: String

    /// Finds an executable by its name in `PATH`, or nil.
    init?(_ name: String, environment: [String: String]) {
        guard let found = Self.find(name, in: environment) else { return nil }
        path = URL(fileURLWithPath: found).resolvingSymlinksInPath().path
    }

    /// The path of an executable as `PATH` has it, its links not resolved, since some programs go by their own name.
    static func find(_ name: String, in environment: [String: String]) -> String? {
        let folders = environment["PATH"]?.split(separator: ":").filter { $0.hasPrefix("/") } ?? []
        return folders.lazy.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Whether the sandbox shows it anyway, as it shows all of `/usr` and `/opt`.
    var isVisibleInside: Bool { path.hasPrefix("/usr/") || path.hasPrefix("/opt/") }
}
