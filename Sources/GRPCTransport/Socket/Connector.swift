/// Makes one connection out of several addresses: each next one is tried when the one before has failed, or is slow.
///
/// Belongs to the poll loop's thread, like the streams it makes. An address counts once its handshake is complete.
/// Specification: RFC 8305 ("Happy Eyeballs"), without its sorting, which `getaddrinfo` has done.
final class Connector {
    enum Outcome {
        case connected(any ByteStream)
        /// Nothing is left to try; in words.
        case failed(String)
    }

    /// How long an address has before the next one is tried beside it.
    private static let headStart = Duration.milliseconds(250)

    private enum Attempt {
        case connecting(Socket)
        case handshaking(any ByteStream, PollSet.Interest)
    }

    private let factory: ByteStreamFactory
    private let lookup: AddressLookup
    /// `nil` until the lookup has answered.
    private var untried: ArraySlice<SocketAddress>?
    private var attempts: [Attempt] = []
    private var nextAttempt: ContinuousClock.Instant?
    private var lastError: String?
    /// Where somebody answered, what he said explains more than another address where nobody did.
    private var handshakeError: String?

    private var target: GRPCTarget { factory.target }

    init(factory: ByteStreamFactory, wakeup: Wakeup) {
        self.factory = factory
        lookup = AddressLookup.start(factory.target, wakeup: wakeup)
    }

    /// When `advance` must be called again even if nothing has become ready.
    var wakeAt: ContinuousClock.Instant? { untried?.isEmpty == false ? nextAttempt : nil }

    /// Adds the sockets under way; their indices go back into `advance`.
    func addAttempts(to polls: inout PollSet) -> [Int] {
        attempts.map { attempt in
            switch attempt {
            case .connecting(let socket): polls.add(socket.descriptor, .writing)
            case .handshaking(let stream, let interest): polls.add(stream.descriptor, interest)
            }
        }
    }

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
                attempts.append(.connecting(try Socket.connecting(to: address)))
            } catch {
                lastError = error.description
            }
        }
        guard attempts.isEmpty else { return nil }
        return .failed("cannot connect to \(target): \(handshakeError ?? lastError ?? "it has no address")")
    }

    private func isTimeForNext(_ now: ContinuousClock.Instant) -> Bool { nextAttempt.map { now >= $0 } ?? true }

    private func settleAttempts(_ polls: PollSet, _ indices: [Int]) -> (any ByteStream)? {
        var pending: [Attempt] = []
        for (attempt, index) in zip(attempts, indices) {
            guard polls.isReady(index) else {
                pending.append(attempt)
                continue
            }
            if case .connecting(let socket) = attempt, let error = socket.connectionError {
                lastError = error.description
                continue
            }
            do throws(TLSFailure) {
                let stream = try stream(of: attempt)
                switch stream.handshake() {
                case .complete: return stream
                case .waiting(let interest): pending.append(.handshaking(stream, interest))
                case .failed(let reason): handshakeError = reason
                }
            } catch {
                handshakeError = error.reason
            }
        }
        attempts = pending
        return nil
    }

    private func stream(of attempt: Attempt) throws(TLSFailure) -> any ByteStream {
        switch attempt {
        case .connecting(let socket): try factory.stream(over: socket)
        case .handshaking(let stream, _): stream
        }
    }
}
