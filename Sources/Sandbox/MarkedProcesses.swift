import FoundationEssentials
import SystemPackage

/// Looks for processes of this machine that bear an attempt's mark, without starting one.
///
/// A quick way to see that nothing is there, which is how nearly every attempt ends; what is there is ended by
/// ``AttemptSweep``.
struct MarkedProcesses: Sendable {
    /// The environment entry that marks them, such as `ORCHESTRATOR_ATTEMPT_ID=…`.
    var marker: String

    /// Whether two looks in a row find nothing; one alone can miss a child whose parent ends just then.
    ///
    /// False as well if `/proc` cannot be listed, so that the sweep tells why.
    var areProvenAbsent: Bool { !mayExist() && !mayExist() }

    private func mayExist() -> Bool {
        guard let entries = try? FileManager.default.contentsOfDirectory(atPath: "/proc") else { return true }
        let marker = Array(self.marker.utf8)
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        return entries.contains { entry in
            entry.first?.isNumber == true && Self.environment(of: entry, has: marker, buffer: &buffer)
        }
    }

    /// Whether one whole entry of a process's environment is the marker; no for what may not be read or has ended.
    private static func environment(of process: String, has marker: [UInt8], buffer: inout [UInt8]) -> Bool {
        let path = FilePath("/proc/\(process)/environ")
        guard let file = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec) else { return false }
        defer { try? file.close() }
        var matched = 0
        var isCandidate = true
        while let count = unsafe try? buffer.withUnsafeMutableBytes({ unsafe try file.read(into: $0) }), count > 0 {
            for byte in buffer[..<count] {
                if byte == 0 {
                    if isCandidate, matched == marker.count { return true }
                    (matched, isCandidate) = (0, true)
                } else if isCandidate, matched < marker.count, byte == marker[matched] {
                    matched += 1
                } else {
                    isCandidate = false
                }
            }
        }
        return isCandidate && matched > 0 && matched == marker.count
    }
}
