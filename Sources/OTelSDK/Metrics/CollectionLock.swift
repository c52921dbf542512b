import SystemPackage

/// The lock between the reading of totals and the collector's answer; held by one process of all that share the file.
final class CollectionLock: Sendable {
    /// What came of trying.
    enum Attempt: Sendable {
        case acquired(CollectionLock)
        case busy
        case failed(String)
    }

    /// How often a lock that another process has is asked for again.
    private static let pollInterval = Duration.milliseconds(2)

    private let lock: FileLock

    private init(_ lock: consuming FileLock) {
        self.lock = lock
    }

    /// Waits as long as given, without blocking a thread.
    static func acquire(_ path: String, atMost wait: Duration, _ time: TimeSource) async -> Attempt {
        let end = time.now() + wait
        while true {
            let attempt = tryOnce(path)
            guard case .busy = attempt, time.now() < end else { return attempt }
            guard (try? await time.sleep(pollInterval)) != nil else { return .busy }
        }
    }

    private static func tryOnce(_ path: String) -> Attempt {
        do {
            let file = try FileDescriptor.open(
                FilePath(path),
                .readWrite,
                options: [.create, .closeOnExec],
                permissions: [.ownerRead, .ownerWrite]
            )
            guard let lock = try FileLock(owning: file) else { return .busy }
            return .acquired(CollectionLock(lock))
        } catch {
            return .failed("\(path): \(error)")
        }
    }
}
