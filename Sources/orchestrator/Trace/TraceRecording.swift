import Foundation
import OTLPWire
import SystemPackage

/// The spans of an attempt as its file has them: OTLP JSON, one request a line.
struct TraceRecording: Sendable, Equatable {
    /// In the order in which they ended; each once.
    private(set) var spans: [RecordedSpan] = []
    /// How many lines could not be read, other than a last one without its end.
    private(set) var brokenLines = 0
    /// Whether the last line has no end and cannot be read: who wrote it was killed, or writes it now.
    private(set) var isCut = false
    /// How many spans were left out, beyond the bound.
    private(set) var omitted = 0

    /// How many spans are taken.
    static let maximumSpans = 200_000
    /// How long a line may be: as long as the longest request that is sent.
    private static let maximumLine = 64 << 20
    private static let chunk = 1 << 20

    /// Reads a file as long as it is now.
    ///
    /// - Throws: `Errno`.
    init(path: String) throws {
        let file = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec])
        try file.closeAfter {
            var reading = Reading()
            var buffer = [UInt8](repeating: 0, count: Self.chunk)
            while true {
                let count = try unsafe buffer.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
                if count == 0 { break }
                for line in reading.lines(in: buffer[..<count]) { take(line) }
            }
            isCut = !reading.rest.isEmpty && !taken(reading.rest)
        }
        var seen: Set<UInt64> = []
        spans = spans.filter { seen.insert($0.span.spanID.value).inserted }
    }

    /// Spans that are there already, as a test or another source has them.
    init(spans: [RecordedSpan]) { self.spans = spans }

    private mutating func take(_ line: ArraySlice<UInt8>?) {
        guard let line else {
            brokenLines += 1
            return
        }
        if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { return }
        if !taken(line) { brokenLines += 1 }
    }

    private mutating func taken(_ line: ArraySlice<UInt8>) -> Bool {
        guard let read = try? JSONDecoder().decode(TraceLine.self, from: Data(line)) else { return false }
        let room = Self.maximumSpans - spans.count
        spans += read.spans.prefix(room)
        omitted += max(0, read.spans.count - room)
        return true
    }

    /// Cuts chunks into lines.
    private struct Reading {
        /// What has no line end yet.
        private(set) var rest: ArraySlice<UInt8> = []
        private var isTooLong = false

        /// The lines that a chunk completes; nil for one beyond the bound.
        mutating func lines(in chunk: ArraySlice<UInt8>) -> [ArraySlice<UInt8>?] {
            var lines: [ArraySlice<UInt8>?] = []
            var chunk = chunk
            while let end = chunk.firstIndex(of: 0x0A) {
                hold(chunk[..<end])
                lines.append(isTooLong ? nil : rest)
                (rest, isTooLong) = ([], false)
                chunk = chunk[(end + 1)...]
            }
            hold(chunk)
            return lines
        }

        private mutating func hold(_ bytes: ArraySlice<UInt8>) {
            if isTooLong || rest.count + bytes.count > TraceRecording.maximumLine {
                (rest, isTooLong) = ([], true)
            } else {
                rest += bytes
            }
        }
    }
}
