internal import Glibc

/// One POSIX thread that runs one function; for poll loops, which must not block Swift's cooperative pool.
struct WorkerThread: Sendable {
    private let handle: pthread_t

    /// Starts the thread, which takes no signals: they are for the threads of the program itself.
    static func start(_ body: sending @escaping () -> Void) throws(SystemError) -> WorkerThread {
        let context = Unmanaged.passRetained(Job(body))
        var handle = pthread_t()
        var everySignal = sigset_t()
        var before = sigset_t()
        sigfillset(&everySignal)
        pthread_sigmask(SIG_SETMASK, &everySignal, &before)
        let result = pthread_create(
            &handle,
            nil,
            { context in
                guard let context else { return nil }
                let job = Unmanaged<Job>.fromOpaque(context).takeRetainedValue()
                job.body()
                return nil
            },
            context.toOpaque()
        )
        pthread_sigmask(SIG_SETMASK, &before, nil)
        guard result == 0 else {
            context.release()
            throw SystemError(code: result)
        }
        return WorkerThread(handle: handle)
    }

    /// Waits for the thread's end.
    ///
    /// Exactly one of `join` and `detach` must be called, once.
    func join() { pthread_join(handle, nil) }

    func detach() { pthread_detach(handle) }

    private final class Job {
        let body: () -> Void

        init(_ body: @escaping () -> Void) { self.body = body }
    }
}
