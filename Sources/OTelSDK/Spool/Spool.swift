import Synchronization
import SystemPackage

/// What was not delivered, kept for the next start: one file for each request, the oldest sent first.
final class Spool: Sendable {
    /// What became of one try to keep a request.
    enum KeepResult: Sendable {
        /// Kept; older requests, of so many spans, may have had to make room.
        case kept(droppedSpans: Int)
        case failed(String)
    }

    /// One request that waits in the spool.
    enum Next: Sendable {
        /// To be sent; `done` must be called with what became of it.
        case record(SpoolRecord, Claim)
        /// A file that could not be read; it was set aside.
        case corrupt(name: String)
        /// Nothing is left, or another process is at it.
        case nothing
    }

    /// The right to send one file; while it lives no other process sends the same one.
    final class Claim: Sendable {
        fileprivate let name: String
        fileprivate let lock: FileLock

        fileprivate init(name: String, lock: consuming FileLock) {
            self.name = name
            self.lock = lock
        }
    }

    private let directory: SpoolDirectory
    private let maximumBytes: Int
    private let work = BlockingWork(label: "orchestrator-otel.spool")
    private let time: TimeSource
    private let random: RandomSource
    private let sequence = Atomic<UInt64>(0)

    init(path: String, maximumBytes: Int, time: TimeSource, random: RandomSource) {
        directory = SpoolDirectory(path: FilePath(path))
        self.maximumBytes = maximumBytes
        self.time = time
        self.random = random
    }

    /// Writes a request whole and makes sure that it survives; the oldest make room if the bound asks for it.
    func keep(_ record: SpoolRecord) async -> KeepResult {
        let name = nextName()
        return await work.run { [self] in
            let bytes = record.fileContents
            guard bytes.count <= maximumBytes else {
                return .failed("a request of \(bytes.count) bytes is larger than the spool may be (\(maximumBytes))")
            }
            do throws(Errno) {
                try directory.create()
                let dropped = try makeRoom(for: bytes.count)
                try directory.write(bytes, as: name)
                return .kept(droppedSpans: dropped)
            } catch {
                return .failed("\(directory.path.string): \(error.description)")
            }
        }
    }

    /// Deletes what dead processes left half-written.
    func clean() async {
        await work.run { [directory] in try? directory.deleteRemains() }
    }

    /// The oldest record, locked for this process.
    func next() async -> Next {
        await work.run { [directory] in
            guard let name = try? directory.list().records.first else { return .nothing }
            do throws(Errno) {
                guard let lock = try directory.lock(name) else { return .nothing }
                guard let record = SpoolRecord(fileContents: try directory.read(lock)) else {
                    directory.setAside(name)
                    return .corrupt(name: name)
                }
                return .record(record, Claim(name: name, lock: lock))
            } catch {
                directory.setAside(name)
                return .corrupt(name: name)
            }
        }
    }

    /// Deletes a file that was acknowledged, or refused for good.
    func delete(_ claim: Claim) async {
        await work.run { [directory] in directory.delete(claim.name) }
    }

    /// How many requests wait.
    func count() async -> Int {
        await work.run { [directory] in (try? directory.list().records.count) ?? 0 }
    }

    /// Sorts by time, then by order within the process; two processes differ in the last part.
    private func nextName() -> String {
        let number = sequence.add(1, ordering: .relaxed).newValue
        let moment = Self.padded(time.wallClock(), 20)
        let unique = String(random.next(), radix: 16)
        return "\(moment)-\(Self.padded(number, 8))-\(unique)\(SpoolDirectory.recordSuffix)"
    }

    private static func padded(_ number: UInt64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Deletes the oldest until the new one fits, those set aside before all; what another process is sending stays.
    ///
    /// - Returns: how many spans were given up.
    private func makeRoom(for bytes: Int) throws(Errno) -> Int {
        let (records, corrupt) = try directory.list()
        let files = (corrupt + records).map { (name: $0, size: directory.size(of: $0)) }
        var total = files.reduce(bytes) { $0 + $1.size }
        var droppedSpans = 0
        for file in files where total > maximumBytes {
            guard let lock = try directory.lock(file.name) else { continue }
            droppedSpans += (try? directory.read(lock)).flatMap { SpoolRecord(fileContents: $0) }?.items ?? 0
            directory.delete(file.name)
            total -= file.size
        }
        return droppedSpans
    }
}
