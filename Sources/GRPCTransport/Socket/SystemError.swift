internal import Glibc

/// A system call's `errno`.
struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
    let code: Int32

    init(code: Int32) { self.code = code }

    /// What the last system call of this thread left behind.
    static var last: SystemError { SystemError(code: errno) }

    /// The C library's own words, such as "Connection refused".
    var description: String {
        var text = [CChar](repeating: 0, count: 128)
        guard strerror_r(code, &text, text.count) == 0 else { return "errno \(code)" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

extension SystemError {
    /// What is not a numeric address of this machine.
    static let unknownAddress = SystemError(code: EADDRNOTAVAIL)
}
