import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Frames in a file, one behind the other: read from a place onwards, over damage as well.
///
/// The file stays its owner's; whoever changes something holds its lock.
struct SpoolSegment {
    /// A frame and where in the file it begins.
    struct Found {
        var offset: Int
        var frame: SpoolFrame

        var end: Int { offset + frame.size + frame.length }
    }

    private let file: FileDescriptor
    private let size: Int

    /// Where the next frame is looked for.
    private(set) var offset: Int

    /// Whether bytes had to be passed over that are no frame.
    var isDamaged: Bool

    init(_ file: FileDescriptor, from offset: Int = 0, isDamaged: Bool = false) throws(Errno) {
        self.file = file
        self.offset = offset
        self.isDamaged = isDamaged
        size = try SpoolDirectory.status(file).size
    }

    /// The next frame with a whole header, whether done or not; its request has not been looked at.
    mutating func next() throws(Errno) -> Found? {
        while offset < size {
            let header = try read(at: offset, atMost: SpoolFrame.headerSize)
            if let found = found(header[...], at: offset) {
                offset = found.end
                return found
            }
            isDamaged = true
            offset = try placeOfNextFrame(after: offset) ?? size
        }
        return nil
    }

    /// The next frame that waits to be sent.
    mutating func nextWaiting() throws(Errno) -> Found? {
        while let found = try next() {
            if !found.frame.isDone { return found }
        }
        return nil
    }

    /// The request of a frame; nil where it is damaged.
    func request(of found: Found) throws(Errno) -> [UInt8]? {
        let bytes = try read(at: found.offset + found.frame.size, atMost: found.frame.length)
        return bytes.count == found.frame.length && found.frame.covers(bytes) ? bytes : nil
    }

    /// Notes in place that nobody needs the frame any more.
    ///
    /// Without a sync: after a power cut the request may be sent once more.
    func markDone(_ found: Found) throws(Errno) {
        guard let place = found.frame.markPlace else { return }
        try SpoolDirectory.rethrow {
            _ = try file.writeAll(toAbsoluteOffset: Int64(found.offset + place), SpoolFrame.doneMark)
        }
    }

    /// Writes frames at the end and sees to it that they survive; on failure the file is what it was.
    ///
    /// - Returns: the file's new size.
    static func append(
        _ records: [SpoolRecord],
        time: UInt64,
        to file: FileDescriptor,
        at end: Int
    ) throws(Errno) -> Int {
        var place = end
        do throws(Errno) {
            for record in records {
                try SpoolDirectory.rethrow {
                    let header = SpoolFrame.header(of: record, time: time)
                    place += try file.writeAll(toAbsoluteOffset: Int64(place), header)
                    place += try unsafe record.request.withUnsafeBytes {
                        try unsafe file.writeAll(toAbsoluteOffset: Int64(place), $0)
                    }
                }
            }
            guard fdatasync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
        } catch {
            _ = ftruncate(file.rawValue, end)
            throw error
        }
        return place
    }

    private func found(_ bytes: ArraySlice<UInt8>, at offset: Int) -> Found? {
        guard let frame = SpoolFrame(bytes), frame.length <= size - offset - frame.size else { return nil }
        return Found(offset: offset, frame: frame)
    }

    /// Looks byte by byte for a header that holds, in windows, so that even a large file of nonsense is read but once.
    private func placeOfNextFrame(after place: Int) throws(Errno) -> Int? {
        var start = place + 1
        while start < size {
            let window = try read(at: start, atMost: 1 << 18)
            guard !window.isEmpty else { return nil }
            let isLast = start + window.count >= size
            for index in window.indices where window[index] == SpoolFrame.magic[0] {
                if found(window[index...].prefix(SpoolFrame.headerSize), at: start + index) != nil {
                    return start + index
                }
            }
            // What begins in the last bytes of a window may be whole in the next one.
            start += isLast ? window.count : window.count - (SpoolFrame.headerSize - 1)
        }
        return nil
    }

    private func read(at place: Int, atMost count: Int) throws(Errno) -> [UInt8] {
        try SpoolDirectory.read(file, at: place, count: min(count, max(0, size - place)))
    }
}
