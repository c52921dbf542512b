import SystemPackage

/// What lies in a spool, read without taking anything from anybody.
struct SpoolContents: Sendable, Equatable {
    /// Requests that wait, and what is in them.
    var requests = 0
    var items = SpoolItems()

    /// Of all files, those set aside included.
    var bytes = 0

    /// Nanoseconds since 1970 of the oldest request that waits.
    var oldest: UInt64?

    /// Files that were set aside.
    var damagedFiles = 0
}

extension SpoolDirectory {
    /// Reads the headers of all requests; a directory that is not there has none.
    func contents() -> SpoolContents {
        var contents = SpoolContents()
        guard let (records, corrupt) = try? list() else { return contents }
        contents.damagedFiles = corrupt.count
        contents.bytes = (records + corrupt).reduce(0) { $0 + size(of: $1) }
        for name in records { try? add(name, to: &contents) }
        return contents
    }

    private func add(_ name: String, to contents: inout SpoolContents) throws(Errno) {
        guard let file = try open(name) else { return }
        defer { try? file.close() }
        var segment = try SpoolSegment(file)
        while let found = try segment.nextWaiting() {
            contents.requests += 1
            contents.items.add(found.frame.items, of: found.frame.signal)
            contents.oldest = min(contents.oldest ?? .max, found.frame.time ?? time(inName: name))
        }
    }
}
