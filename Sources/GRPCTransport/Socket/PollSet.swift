internal import Glibc

/// The descriptors of one round of `poll`, and what was found.
struct PollSet {
    struct Interest: OptionSet {
        let rawValue: Int16
        static let reading = Interest(rawValue: Int16(POLLIN))
        static let writing = Interest(rawValue: Int16(POLLOUT))
    }

    private var entries: [pollfd] = []

    /// Returns the index under which the outcome can be asked for.
    @discardableResult
    mutating func add(_ descriptor: Int32, _ interest: Interest) -> Int {
        entries.append(pollfd(fd: descriptor, events: interest.rawValue, revents: 0))
        return entries.count - 1
    }

    /// Sleeps until something is ready or the time is over; `nil` sleeps as long as it takes.
    mutating func wait(until deadline: ContinuousClock.Instant?) {
        guard let deadline else {
            _ = poll(&entries, nfds_t(entries.count), -1)
            return
        }
        let (seconds, attoseconds) = max(.zero, ContinuousClock.now.duration(to: deadline)).components
        // Rounded up, so that the deadline has passed when poll returns; an early return is harmless.
        let milliseconds = min(seconds, 1_000_000) * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        _ = poll(&entries, nfds_t(entries.count), Int32(milliseconds))
    }

    /// Whether what was asked for is ready, or an error that ends the waiting for it.
    func isReady(_ index: Int) -> Bool { entries[index].revents != 0 }

    /// An error or a hang-up counts as ready: reading or writing then tells what it was.
    func isReady(_ index: Int, for interest: Interest) -> Bool {
        entries[index].revents & (interest.rawValue | Int16(POLLERR | POLLHUP | POLLNVAL)) != 0
    }
}
