import Synchronization

/// An array of slots with the series of one instrument, each as near as there was room to the place that its hash names.
///
/// Unchecked, as a pointer to atomics is not Sendable by itself: slots are only read and written atomically, and `free` is
/// touched under the table's lock alone. Filling a slot is safe beside readers and happens under the lock of ``SeriesTable``, which also keeps the series alive.
@safe final class SeriesSlots<Series: MetricSeries>: @unchecked Sendable {
    private typealias Slot = Atomic<Unmanaged<Series>?>

    private let mask: Int
    private let slots: UnsafeMutablePointer<Slot>
    private var free: Int

    init(minimumCapacity: Int) {
        var capacity = 8
        while capacity < minimumCapacity { capacity *= 2 }
        mask = capacity - 1
        // At most half of the slots are filled, so that a search is short and always ends.
        free = capacity / 2
        unsafe slots = .allocate(capacity: capacity)
        for place in 0..<capacity { unsafe (slots + place).initialize(to: Slot(nil)) }
    }

    deinit {
        unsafe slots.deinitialize(count: mask + 1)
        unsafe slots.deallocate()
    }

    /// The series of these attributes; the caller sees to it that it stays alive.
    func find(_ hash: UInt64, _ attributes: some AttributeList) -> Unmanaged<Series>? {
        var place = Int(truncatingIfNeeded: hash) & mask
        while let candidate = unsafe slots[place].load(ordering: .acquiring) {
            let isFound = unsafe candidate._withUnsafeGuaranteedRef {
                $0.key.hash == hash && attributes.match($0.key.attributes)
            }
            if isFound { return unsafe candidate }
            place = (place + 1) & mask
        }
        return nil
    }

    /// Adds a series that is not there yet; false if there is no room.
    func insert(_ series: Series) -> Bool {
        guard free > 0 else { return false }
        free -= 1
        var place = Int(truncatingIfNeeded: series.key.hash) & mask
        while unsafe slots[place].load(ordering: .relaxed) != nil { place = (place + 1) & mask }
        unsafe slots[place].store(.passUnretained(series), ordering: .releasing)
        return true
    }
}
