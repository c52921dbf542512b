import Synchronization

/// Up to how many bytes requests to one destination are filled: the setting, or what its answers taught.
final class RequestSizeLimit: Sendable {
    private let bytes: Atomic<Int>

    init(_ bytes: Int) {
        self.bytes = Atomic(bytes)
    }

    var current: Int { bytes.load(ordering: .relaxed) }

    /// Requests up to this size were taken after larger ones had been refused.
    func learn(_ limit: Int) {
        if limit < current { bytes.store(limit, ordering: .relaxed) }
    }
}
