import SystemPackage
import Tracing

/// What waits in a spool directory: read without sending, changing or holding up anything.
///
/// To send what waits, start an ``OTel`` with this directory and shut it down; ``ShutdownReport`` says what became of it.
public struct TelemetrySpool: Sendable, Equatable {
    /// Requests that wait to be sent.
    public var requests = 0

    /// Spans in these requests.
    public var spans = 0

    /// Log records in these requests.
    public var logRecords = 0

    /// Bytes of all files, those set aside and those of living processes included.
    public var bytes = 0

    /// The age of the oldest request; nil where none waits.
    public var oldestAge: Duration?

    /// Files that could not be read, wholly or in part; they were set aside and are never sent.
    public var damagedFiles = 0

    /// Ids of the processes that use the directory now, as far as they have recorded something.
    public var livingProcesses: [Int32] = []

    /// Ids of processes that were killed; the next start makes requests of their spans and log records.
    public var killedProcesses: [Int32] = []

    /// Spans of the processes that were killed, those that were open at the time included.
    public var spansOfKilledProcesses = 0

    /// Log records of the processes that were killed.
    public var logRecordsOfKilledProcesses = 0

    /// Looks into a directory; one that does not exist is empty.
    public init(directory path: String) {
        let directory = SpoolDirectory(path: FilePath(path))
        let contents = directory.contents()
        requests = contents.requests
        spans = contents.items.spans
        logRecords = contents.items.logRecords
        bytes = contents.bytes
        damagedFiles = contents.damagedFiles
        let now = DefaultTracerClock.now.nanosecondsSinceEpoch
        oldestAge = contents.oldest.map { .nanoseconds(Int64(clamping: now - min(now, $0))) }
        for name in (try? directory.liveFiles()) ?? [] {
            bytes += directory.size(of: name)
            do throws(Errno) { try add(name, in: directory) } catch { damagedFiles += 1 }
        }
    }

    private mutating func add(_ name: String, in directory: SpoolDirectory) throws(Errno) {
        guard let file = try directory.openUnlocked(name) else {
            if let process = SpoolDirectory.process(inLiveName: name) { livingProcesses.append(process) }
            return
        }
        defer { try? file.close() }
        guard let dead = try DeadRecords(file, lastChange: 0, maximumRequest: .max) else {
            damagedFiles += 1
            return
        }
        killedProcesses.append(dead.process)
        for request in dead.requests {
            switch request.signal {
            case .traces: spansOfKilledProcesses += request.items
            case .logs: logRecordsOfKilledProcesses += request.items
            case .metrics: break
            }
        }
    }
}
