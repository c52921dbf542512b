import FoundationEssentials
import Glibc
import SystemPackage

/// Looks for processes of this machine that work in a workspace and began after an attempt, without starting one.
///
/// A quick way to see that there is nobody to be named; whoever is there is judged by ``AttemptSweep``.
struct WorkspaceNewcomers: Sendable {
    /// The workspace's absolute path.
    var workspace: String
    /// When the attempt began.
    var since: Date

    /// Whether there is somebody; yes as well if that cannot be told.
    ///
    /// This program and who cannot be looked at do not count.
    var mayExist: Bool {
        guard let entries = try? FileManager.default.contentsOfDirectory(atPath: "/proc"), let now = Self.uptime else {
            return true
        }
        let root = URL(filePath: workspace).resolvingSymlinksInPath().path
        let threshold = now - Date.now.timeIntervalSince(since) - AttemptSweep.clockSlack
        return entries.contains { entry in
            guard let id = pid_t(entry), id != getpid(),
                let place = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(entry)/cwd"),
                place == root || place.hasPrefix(root == "/" ? root : root + "/")
            else { return false }
            return Self.beginning(of: entry).map { $0 > threshold } ?? false
        }
    }

    /// Seconds since the boot.
    private static var uptime: Double? {
        text(of: "/proc/uptime")?.split(separator: " ").first.flatMap { Double($0) }
    }

    /// When a process began, in seconds after the boot; nil when it has ended.
    private static func beginning(of process: String) -> Double? {
        // The name may hold anything, but after its last parenthesis there are only numbers (proc_pid_stat(5)).
        guard let stat = text(of: "/proc/\(process)/stat"), let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count >= 20, let ticks = Double(fields[19]) else { return nil }
        return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private static func text(of path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
