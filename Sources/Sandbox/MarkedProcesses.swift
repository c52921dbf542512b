import FoundationEssentials
import SystemPackage

/// Looks for processes of this machine that bear the mark of an attempt, or of its supervisor, without starting one.
///
/// A quick way to see that nothing is there, which is how nearly every attempt ends; what is there is ended by
/// ``AttemptSweep``.
struct MarkedProcesses: Sendable {
    /// The environment entry that marks them, such as `ORCHESTRATOR_ATTEMPT_ID=…`, and that of their supervisors.
    var marker: String
    var supervisorMarker: String

    /// Whether two looks in a row find nothing; one alone can miss a child whose parent ends just then.
    ///
    /// False as well if `/proc` cannot be listed, so that the sweep tells why.
    var areProvenAbsent: Bool { !mayExist() && !mayExist() }

    private func mayExist() -> Bool {
        guard let entries = try? FileManager.default.contentsOfDirectory(atPath: "/proc") else { return true }
        let matcher = EntryMatcher(marker, supervisorMarker)
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        return entries.contains { entry in
            entry.first?.isNumber == true && Self.environment(of: entry, has: matcher, buffer: &buffer)
        }
    }

    /// Whether one whole entry of a process's environment is a marker; no for what may not be read or has ended.
    private static func environment(of process: String, has matcher: EntryMatcher, buffer: inout [UInt8]) -> Bool {
        let path = FilePath("/proc/\(process)/environ")
        guard let file = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec) else { return false }
        defer { try? file.close() }
        var matcher = matcher
        while let count = unsafe try? buffer.withUnsafeMutableBytes({ unsafe try file.read(into: $0) }), count > 0 {
            if matcher.finds(in: buffer[..<count]) { return true }
        }
        return matcher.hasMatched
    }
}

/// Compares the entries of an environment, which come in pieces, with two that are looked for.
private struct EntryMatcher {
    private let markers: ([UInt8], [UInt8])
    /// Which of them begin in the same way as the present entry, of which so many bytes have come.
    private var isCandidate = (true, true)
    private var position = 0

    init(_ first: String, _ second: String) {
        markers = (Array(first.utf8), Array(second.utf8))
    }

    /// Whether what has come of the last entry, if there is no more, is one of them.
    var hasMatched: Bool {
        isCandidate.0 && position == markers.0.count || isCandidate.1 && position == markers.1.count
    }

    /// Takes the next piece, and says whether an entry that ended in it was one of them.
    mutating func finds(in piece: ArraySlice<UInt8>) -> Bool {
        for byte in piece {
            if byte == 0 {
                if hasMatched { return true }
                (position, isCandidate) = (0, (true, true))
            } else if isCandidate.0 || isCandidate.1 {
                isCandidate.0 = isCandidate.0 && position < markers.0.count && markers.0[position] == byte
                isCandidate.1 = isCandidate.1 && position < markers.1.count && markers.1[position] == byte
                position += 1
            }
        }
        return false
    }
}
