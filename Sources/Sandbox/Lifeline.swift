import Glibc
import Synchronization
import SystemPackage

/// A stream to a process that this program holds open for as long as the process is wanted.
///
/// The kernel closes it when this program ends, by whatever means. No other child of this program gets a copy of its own
/// end. A pair of sockets and not a pipe, because writing to one whose reader has gone raises no SIGPIPE.
final class Lifeline: Sendable {
    /// What the process gets as its standard input.
    let farEnd: FileDescriptor
    private let nearEnd: Mutex<FileDescriptor?>

    /// - Throws: ``StartFailure/other(_:)`` when there is no descriptor left.
    init() throws(StartFailure) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, type, 0, &ends) == 0 else {
            throw .other("no lifeline: \(Errno(rawValue: errno))")
        }
        nearEnd = Mutex(FileDescriptor(rawValue: ends[0]))
        farEnd = FileDescriptor(rawValue: ends[1])
    }

    deinit { close() }

    /// Sends bytes; returns when all have been taken, when nobody is there to take them, or when it has been closed.
    ///
    /// The other side takes all of them before it does anything else, so what does not fit at once (200 KB do) waits a few
    /// milliseconds; the waiting is a sleep, because a thread of its own for that would be idle nearly always.
    func send(_ bytes: [UInt8]) async {
        var rest = bytes[...]
        while !rest.isEmpty, !Task.isCancelled {
            switch sendNow(rest) {
            case .sent(let count): rest = rest.dropFirst(count)
            case .full: try? await Task.sleep(for: .milliseconds(2))
            case .gone: return
            }
        }
    }

    /// Lets the other side see the end.
    func close() {
        nearEnd.withLock { end in
            try? end?.close()
            end = nil
        }
    }

    private enum Sending {
        case sent(Int)
        case full
        case gone
    }

    private func sendNow(_ bytes: ArraySlice<UInt8>) -> Sending {
        nearEnd.withLock { end in
            guard let end else { return .gone }
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.send(
                    end.rawValue,
                    $0.baseAddress,
                    $0.count,
                    Int32(MSG_DONTWAIT | MSG_NOSIGNAL)
                )
            }
            if count >= 0 { return .sent(count) }
            return errno == EAGAIN || errno == EINTR || errno == ENOBUFS ? .full : .gone
        }
    }
}
