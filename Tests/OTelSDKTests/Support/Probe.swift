import Testing

#if canImport(Glibc)
import Glibc
#endif

/// `Tests/SpanProbe` as a process of its own, whose lines go to a file.
final class Probe: Sendable {
    struct NotThere: Error, CustomStringConvertible {
        let path: String
        var description: String { "cannot start \(path); `swift build --build-tests` makes it" }
    }

    let process: pid_t

    /// Starts it, by a command before it where one is given; its lines are added to the file `output`.
    init(_ arguments: [String], output: String, by command: [String] = []) throws {
        let words = command + [try Self.path()] + arguments
        var actions = unsafe posix_spawn_file_actions_t()
        _ = unsafe posix_spawn_file_actions_init(&actions)
        defer { _ = unsafe posix_spawn_file_actions_destroy(&actions) }
        _ = unsafe posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        var list = unsafe words.map { unsafe strdup($0) } + [nil]
        var environment = unsafe [strdup("PATH=/usr/sbin:/usr/bin:/sbin:/bin"), nil]
        defer {
            for index in unsafe list.indices { unsafe free(list[index]) }
            for index in unsafe environment.indices { unsafe free(environment[index]) }
        }
        var process: pid_t = 0
        guard unsafe posix_spawn(&process, words[0], &actions, nil, &list, &environment) == 0 else {
            throw NotThere(path: words[0])
        }
        self.process = process
    }

    /// Kills it, as the kernel does when memory is short.
    func kill() {
        _ = Glibc.kill(process, SIGKILL)
        _ = wait()
    }

    /// Waits for its end: the exit code, or minus the signal.
    @discardableResult
    func wait() -> Int32 {
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
    }

    /// The built program, which lies beside the tests.
    static func path() throws -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        let tests = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let path = tests.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/SpanProbe"
        guard unsafe access(path, X_OK) == 0 else { throw NotThere(path: path) }
        return path
    }
}
