/// Makes one connection out of several addresses: each next one is tried when the one before has failed, or is slow.
///
/// Belongs to the poll loop's thread, like the sockets it makes.
/// Specification: RFC 8305 ("Happy Eyeballs"), without its sorting, which `getaddrinfo` has done.
final class Connector {
    enum Outcome {
        case connected(Socket)
        /// Nothing is left to try; in words.
        case failed(String)
    }

    /// How long an address has before the next one is tried beside it.
    private static let headStart = Duration.milliseconds(250)

    private let target: GRPCTarget
    private let lookup: AddressLookup
    /// `nil` until the lookup has answered.
    private var untried: ArraySlice<SocketAddress>?
    private var attempts: [Socket] = []
    private var nextAttempt: ContinuousClock.Instant?
    private var lastError: SystemError?

    init(target: GRPCTarget, wakeup: Wakeup) {
        self.target = target
        lookup = AddressLookup.start(target, wakeup: wakeup)
    }

    /// When `advance` must be called again even if nothing has become ready.
    var wakeAt: ContinuousClock.Instant? { untried?.isEmpty == false ? nextAttempt : nil }

    /// Adds the sockets under way; their indices go back into `advance`.
    func addAttempts(to polls: inout PollSet) -> [Int] { attempts.map { polls.add($0.descriptor, .writing) } }

    /// Looks at what has become ready, and tries further addresses; `nil` while that is still under way.
    func advance(_ polls: PollSet? = nil, indices: [Int] = [], now: ContinuousClock.Instant) -> Outcome? {
        if let polls, let connected = settleAttempts(polls, indices) { return .connected(connected) }
        if untried == nil {
            switch lookup.outcome {
            case nil: return nil
            case .failure(let failure): return .failed("cannot find \(target.host): \(failure.reason)")
            case .success(let addresses): untried = addresses[...]
            }
        }
        while attempts.isEmpty || isTimeForNext(now), let address = untried?.popFirst() {
            nextAttempt = now + Self.headStart
            do {
                attempts.append(try Socket.connecting(to: address))
            } catch {
                lastError = error
            }
        }
        guard attempts.isEmpty else { return nil }
        return .failed("cannot connect to \(target): \(lastError?.description ?? "it has no address")")
    }

    private func isTimeForNext(_ now: ContinuousClock.Instant) -> Bool { nextAttempt.map { now >= $0 } ?? true }

    private func settleAttempts(_ polls: PollSet, _ indices: [Int]) -> Socket? {
        var pending: [Socket] = []
        for (attempt, index) in zip(attempts, indices) {
            guard polls.isReady(index, for: .writing) else {
                pending.append(attempt)
                continue
            }
            guard let error = attempt.connectionError else { return attempt }
            lastError = error
        }
        attempts = pending
        return nil
    }
}
