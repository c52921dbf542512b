internal import Synchronization

/// Unary calls to one target, over one HTTP/2 connection at a time.
///
/// The connection is made at the first call and again after each loss. It lives on a thread of its own with a poll
/// loop; no call ever blocks Swift's cooperative pool. A call that finds no connection tries once to make one. After a
/// failure the next try has to wait as `ConnectBackoff` says, and calls until then fail at once with the same reason:
/// who calls again decides when. `resetConnectBackoff()` allows the next try at once.
package final class GRPCClient: Sendable {
    private enum Phase {
        case idle
        case running(ClientMailbox, WorkerThread)
        case closed
    }

    private struct State {
        var phase = Phase.idle
        var nextID: UInt64 = 0
    }

    private let settings: GRPCClientSettings
    private let metadataProblem: GRPCConfigurationError?
    private let state = Mutex(State())

    /// Does not touch the network.
    package init(_ settings: GRPCClientSettings) {
        self.settings = settings
        metadataProblem = Self.firstProblem(in: settings.metadata)
    }

    deinit {
        guard case .running(let mailbox, let thread) = state.withLock({ $0.phase }) else { return }
        mailbox.close()
        thread.detach()
    }

    /// Calls `path` (`/package.Service/Method`) with one message and waits for the answer.
    ///
    /// Never throws: every failure is a status, with a message that names the target. Cancelling the task cancels the
    /// stream and gives CANCELLED. A call that was provably not processed is sent again, within bounds.
    /// `timeout` is for all of it, connecting included; after it the answer is DEADLINE_EXCEEDED whatever the peer
    /// does. `nil` is no limit.
    package func unary(path: String, message: ArraySlice<UInt8>, timeout: Duration?) async -> GRPCResponse {
        if let refusal = refusal(message: message, timeout: timeout) { return refusal }
        let deadline = timeout.map { ContinuousClock.now + $0 }
        let mailbox: ClientMailbox
        let id: UInt64
        switch running() {
        case .success(let made): (mailbox, id) = made
        case .failure(let failure): return GRPCResponse(status: failure.status, isProvablyUnprocessed: true)
        }
        let compressed = compress(message, mailbox)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let request = ClientRequest(
                    id: id,
                    path: path,
                    message: message,
                    compressed: compressed,
                    deadline: deadline,
                    continuation: continuation
                )
                guard mailbox.post(.start(request)) else {
                    continuation.resume(returning: GRPCResponse(status: Self.closed, isProvablyUnprocessed: true))
                    return
                }
                // The handler below may have run before the call was known.
                if Task.isCancelled { _ = mailbox.post(.cancel(id: id)) }
            }
        } onCancel: {
            _ = mailbox.post(.cancel(id: id))
        }
    }

    /// Cancels what is under way (CANCELLED), closes the connection, and returns when the thread has ended.
    ///
    /// Takes as long as a few system calls that do not block, whatever the peer does. Later calls give CANCELLED.
    package func close() async {
        let before = state.withLock { state in
            defer { state.phase = .closed }
            return state.phase
        }
        guard case .running(let mailbox, let thread) = before else { return }
        mailbox.close()
        await mailbox.waitForEnd()
        // Waits for the return of a function that has nothing left to do.
        thread.join()
    }

    /// Lets the next call try to connect although the last try has just failed.
    ///
    /// For moments that have no second chance, such as shutdown, and for news that the server is back.
    package func resetConnectBackoff() {
        guard case .running(let mailbox, _) = state.withLock({ $0.phase }) else { return }
        _ = mailbox.post(.resetBackoff)
    }

    /// Compressing less than this many bytes saves nothing.
    private static let leastCompressedBytes = 128

    /// On the caller's thread: on the client's it would hold up all other calls.
    private func compress(_ message: ArraySlice<UInt8>, _ mailbox: ClientMailbox) -> [UInt8]? {
        guard settings.compression == .gzip, message.count >= Self.leastCompressedBytes,
            mailbox.takesGzip
        else { return nil }
        return Gzip.compress(message)
    }

    private struct StartFailure: Error {
        let status: GRPCStatus
    }

    private static let closed = GRPCStatus(.cancelled, "the client was closed")

    private func running() -> Result<(ClientMailbox, UInt64), StartFailure> {
        state.withLock { state in
            state.nextID += 1
            switch state.phase {
            case .running(let mailbox, _): return .success((mailbox, state.nextID))
            case .closed: return .failure(StartFailure(status: Self.closed))
            case .idle: break
            }
            do throws(SystemError) {
                let (mailbox, thread) = try startThread()
                state.phase = .running(mailbox, thread)
                return .success((mailbox, state.nextID))
            } catch {
                return .failure(StartFailure(status: GRPCStatus(.unavailable, "cannot start a thread: \(error)")))
            }
        }
    }

    private func startThread() throws(SystemError) -> (ClientMailbox, WorkerThread) {
        let mailbox = try ClientMailbox()
        let thread = try WorkerThread.start { [settings] in
            ClientLoop(settings: settings, mailbox: mailbox).run()
        }
        return (mailbox, thread)
    }

    private func refusal(message: ArraySlice<UInt8>, timeout: Duration?) -> GRPCResponse? {
        if let metadataProblem { return .failure(.internal, metadataProblem.message, unprocessed: true) }
        // gRPC's prefix has four bytes for the length.
        let limit = min(settings.maxRequestBytes, Int(UInt32.max))
        if message.count > limit {
            let text = "the request has \(message.count) bytes, more than \(limit); not sent"
            return .failure(.resourceExhausted, text, unprocessed: true)
        }
        if let timeout, timeout <= .zero {
            return .failure(.deadlineExceeded, "the deadline had passed before the call", unprocessed: true)
        }
        return nil
    }

    private static func firstProblem(in metadata: [(name: String, value: String)]) -> GRPCConfigurationError? {
        for (name, value) in metadata {
            do throws(GRPCConfigurationError) {
                try GRPCMetadata.check(name: name, value: value)
            } catch {
                return error
            }
        }
        return nil
    }
}
