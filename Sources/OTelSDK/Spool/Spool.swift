import Synchronization
import SystemPackage

/// What was not delivered, kept for the next start: requests in files of some MiB, the oldest sent first.
///
/// Several processes may use one directory. A file is written, sent from and deleted only by who holds its lock, and that
/// only for the moment; so whoever comes first takes the oldest that nobody else is at.
final class Spool: Sendable {
    /// What became of one try to keep a request.
    enum KeepResult: Sendable, Equatable {
        /// Kept; older requests, of so many items, may have had to make room.
        case kept(dropped: SpoolItems)
        case failed(String)
    }

    /// One request that waits in the spool.
    enum Next: Sendable {
        /// To be sent; ``delete(_:)`` must be called once it is delivered or refused for good.
        case record(SpoolRecord, Claim)
        /// Older than it may become; it has left the spool.
        case expired(SpoolRecord)
        /// A file was damaged, wholly or in part, or could not be read; what could be was sent, and the file is set aside.
        case corrupt(name: String)
        /// Nothing is left, or other processes are at it.
        case nothing
    }

    /// The right to send one request; while it lives no other process sends from the same file.
    final class Claim: Sendable {
        fileprivate let name: String
        fileprivate let lock: FileLock
        fileprivate let found: SpoolSegment.Found

        fileprivate init(name: String, lock: consuming FileLock, found: SpoolSegment.Found) {
            self.name = name
            self.lock = lock
            self.found = found
        }
    }

    /// How far a file has been read: all before is done.
    struct Progress {
        var offset = 0
        var isDamaged = false
        /// Nothing in it is to be had, but it could not be deleted.
        var isFinished = false
    }

    struct State {
        /// The file that this process writes to, and its size.
        var segment: (name: String, size: Int)?
        var progress: [String: Progress] = [:]
        /// Damaged files that nobody has been told about.
        var setAside: [String] = []
        var lastTime: UInt64 = 0
        var sequence: UInt64 = 0
    }

    let directory: SpoolDirectory
    let maximumBytes: Int
    private let maximumAge: UInt64
    let work = BlockingWork(label: "orchestrator-otel.spool")
    private let time: TimeSource
    private let random: RandomSource
    let state = Mutex(State())
    let onRecoveredTrace: (@Sendable (RecoveredTrace) -> Void)?

    /// From here on a new file is begun, so that the oldest can make room in small steps.
    private var segmentBytes: Int { min(maximumBytes / 16, 4 << 20) }

    init(
        path: String,
        maximumBytes: Int,
        maximumAge: Duration,
        time: TimeSource,
        random: RandomSource,
        onRecoveredTrace: (@Sendable (RecoveredTrace) -> Void)? = nil
    ) {
        self.onRecoveredTrace = onRecoveredTrace
        directory = SpoolDirectory(path: FilePath(path))
        self.maximumBytes = maximumBytes
        let (nanoseconds, overflow) = maximumAge.components.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        self.maximumAge = overflow ? .max : UInt64(max(0, nanoseconds))
        self.time = time
        self.random = random
    }

    /// Writes a request whole and makes sure that it survives; the oldest make room if the bound asks for it.
    @discardableResult
    func keep(_ record: SpoolRecord) async -> KeepResult {
        await work.run { [self] in
            let bytes = SpoolFrame.headerSize + record.request.count
            guard bytes <= maximumBytes else {
                return .failed("a request of \(bytes) bytes is larger than the spool may be (\(maximumBytes))")
            }
            return state.withLock { state in
                do throws(Errno) {
                    try directory.create()
                    let dropped = try makeRoom(for: bytes)
                    try append(record, &state)
                    return .kept(dropped: dropped)
                } catch {
                    return .failed("\(directory.path.string): \(error.description)")
                }
            }
        }
    }

    /// Deletes what dead processes left half-written, and what was set aside and has become too old.
    func clean() async {
        await work.run { [self] in try? directory.deleteRemains(olderThan: oldestTime) }
    }

    /// The oldest request of these signals, claimed for this process; others stay for who sends them.
    func next(of signals: Set<TelemetrySignal> = [.traces, .metrics, .logs]) async -> Next {
        await work.run { [self] in
            state.withLock { state in
                guard let names = try? directory.list().records else { return .nothing }
                for name in names where state.progress[name]?.isFinished != true {
                    if let next = next(of: signals, in: name, &state) { return next }
                }
                guard let name = state.setAside.popLast() else { return .nothing }
                return .corrupt(name: name)
            }
        }
    }

    /// Takes a request out that was acknowledged, or refused for good.
    func delete(_ claim: Claim) async {
        await work.run { [self] in
            state.withLock { state in
                do throws(Errno) {
                    try take(claim.found, from: claim.name, claim.lock.file, &state)
                    let progress = state.progress[claim.name] ?? Progress()
                    var segment = try SpoolSegment(
                        claim.lock.file,
                        from: progress.offset,
                        isDamaged: progress.isDamaged
                    )
                    if try segment.nextWaiting() == nil { finish(claim.name, segment.isDamaged, &state) }
                } catch {
                    // Another process may send it once more; this one must not, again and again.
                    state.progress[claim.name] = Progress(isFinished: true)
                }
            }
        }
    }

    /// How many requests wait.
    func count() async -> Int {
        await work.run { [directory] in directory.contents().requests }
    }

    // MARK: Reading

    private var oldestTime: UInt64 {
        let now = time.wallClock()
        return now > maximumAge ? now - maximumAge : 0
    }

    /// Nil where another process is at this file, or nothing waits in it.
    private func next(of signals: Set<TelemetrySignal>, in name: String, _ state: inout State) -> Next? {
        do throws(Errno) {
            guard let lock = try directory.lock(name) else { return nil }
            let progress = state.progress[name] ?? Progress()
            var segment = try SpoolSegment(lock.file, from: progress.offset, isDamaged: progress.isDamaged)
            var isWaiting = false
            while let found = try segment.nextWaiting() {
                let isExpired = found.frame.time ?? directory.time(inName: name) < oldestTime
                guard isExpired || signals.contains(found.frame.signal) else {
                    isWaiting = true
                    continue
                }
                guard let request = try segment.request(of: found) else {
                    segment.isDamaged = true
                    continue
                }
                state.progress[name, default: progress].isDamaged = segment.isDamaged
                if !isWaiting { state.progress[name]?.offset = found.offset }
                let record = SpoolRecord(signal: found.frame.signal, items: found.frame.items, request: request)
                guard isExpired else { return .record(record, Claim(name: name, lock: lock, found: found)) }
                try take(found, from: name, lock.file, &state)
                return .expired(record)
            }
            if isWaiting { return nil }
            finish(name, segment.isDamaged, &state)
        } catch {
            // It may be readable another time, by another process.
            state.progress[name] = Progress(isFinished: true)
            state.setAside.append(name)
        }
        return nil
    }

    /// Notes that nobody needs a request any more, on disk and for this process.
    private func take(
        _ found: SpoolSegment.Found,
        from name: String,
        _ file: FileDescriptor,
        _ state: inout State
    ) throws(Errno) {
        // Should the disk not let us mark it, this process at least does not send it again.
        if state.progress[name]?.offset == found.offset { state.progress[name]?.offset = found.end }
        try SpoolSegment(file).markDone(found)
    }

    /// A file in which nothing waits any more goes; a damaged one is kept for a person to look at.
    private func finish(_ name: String, _ isDamaged: Bool, _ state: inout State) {
        // Should the directory not let it go, this process at least does not look at it again.
        state.progress[name] = Progress(isFinished: true)
        if isDamaged {
            directory.setAside(name)
            state.setAside.append(name)
        } else {
            directory.delete(name)
        }
        if directory.timeOfChange(name) == nil { state.progress[name] = nil }
    }

    // MARK: Writing

    private func append(_ record: SpoolRecord, _ state: inout State) throws(Errno) {
        let now = time.wallClock()
        // Where another process sends from our file, or has deleted it, or has begun a newer one, so do we.
        if let (name, size) = state.segment, size < segmentBytes, try directory.list().records.last == name,
            let lock = try directory.lock(name), try SpoolDirectory.status(lock.file).size == size
        {
            state.segment = (name, try SpoolSegment.append([record], time: now, to: lock.file, at: size))
            return
        }
        for _ in 0..<8 {
            let name = nextName(now, &state)
            guard let lock = try directory.make(name) else { continue }
            do throws(Errno) {
                state.segment = (name, try SpoolSegment.append([record], time: now, to: lock.file, at: 0))
            } catch {
                directory.delete(name)
                throw error
            }
            directory.sync()
            return
        }
        throw .resourceBusy
    }

    /// Sorts by time, then by order within the process; two processes differ in the last part.
    private func nextName(_ now: UInt64, _ state: inout State) -> String {
        state.lastTime = max(state.lastTime, now)
        state.sequence += 1
        return SpoolDirectory.recordName(state.lastTime, state.sequence, random.next())
    }

    /// Deletes the oldest until the new one fits, those set aside before all; what another process is at stays.
    ///
    /// `recovered` is a dead process's file, whose place the new one takes.
    ///
    /// - Returns: what was given up.
    /// - Throws: `noSpace` where other processes are at too much of it.
    func makeRoom(for bytes: Int, insteadOf recovered: String? = nil) throws(Errno) -> SpoolItems {
        let (records, corrupt) = try directory.list()
        let files = (corrupt + records).map { (name: $0, size: directory.size(of: $0)) }
        let live = try directory.liveFiles().filter { $0 != recovered }.reduce(0) { $0 + directory.size(of: $1) }
        // Each living process has a quarter at most; many of them do not take everything from what was kept.
        var total = files.reduce(bytes + min(live, maximumBytes / 2)) { $0 + $1.size }
        var dropped = SpoolItems()
        for file in files where total > maximumBytes {
            guard let lock = try? directory.lock(file.name) else { continue }
            if file.name.hasSuffix(SpoolDirectory.recordSuffix), var segment = try? SpoolSegment(lock.file) {
                while let found = try? segment.nextWaiting() { dropped.add(found.frame.items, of: found.frame.signal) }
            }
            directory.delete(file.name)
            total -= file.size
        }
        guard total <= maximumBytes else { throw .noSpace }
        return dropped
    }
}
