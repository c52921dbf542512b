import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What the files under /proc and /etc say about this process; pure functions over their text, and one small reader.
enum ProcessFiles {
    /// At most so many bytes, without line ends at the end; nil where there is nothing to read.
    static func text(_ path: String, atMost limit: Int = 4096) -> String? {
        guard let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec]) else {
            return nil
        }
        defer { try? file.close() }
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            count = (try? unsafe file.read(into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
        }
        var text = String(decoding: bytes, as: UTF8.self)
        while text.hasSuffix("\n") { text.removeLast() }
        return text.isEmpty ? nil : text
    }

    /// The container's id: 64 hex digits in the path of a control group.
    ///
    /// With a namespace for control groups that path is `/` alone; then `mounts` is asked, in which container engines
    /// leave the id in the source of `/etc/hostname` and its like.
    static func containerID(groups: String, mounts: () -> String?) -> String? {
        if let id = hexID(in: groups.utf8[...]) { return id }
        let isOwnNamespace = groups.split(separator: "\n").contains { $0.hasSuffix(":/") }
        guard isOwnNamespace, let mounts = mounts() else { return nil }
        // As bytes: the table of mounts may be long, and this is the way to the first span.
        for line in mounts.utf8.split(separator: UInt8(ascii: "\n")) {
            if let id = hexID(in: line), Substring(line).contains("/hostname ") { return id }
        }
        return nil
    }

    private static func hexID(in text: Substring.UTF8View) -> String? {
        text.split { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): false
            default: true
            }
        }.first { $0.count == 64 }.map { String(Substring($0)) }
    }

    /// A value of /etc/os-release, without its quotes.
    static func release(_ key: String, in text: String) -> String? {
        let line = text.split(separator: "\n").first { $0.hasPrefix(key + "=") }
        guard let value = line?.dropFirst(key.count + 1) else { return nil }
        let quoted = value.count >= 2 && (value.first == "\"" || value.first == "'") && value.last == value.first
        return String(quoted ? value.dropFirst().dropLast() : value)
    }

    /// Clock ticks from the machine's start to the process's: the 22nd field of /proc/self/stat.
    ///
    /// The second field, the program's name in parentheses, may hold anything.
    static func startTicks(stat: String) -> UInt64? {
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? UInt64(fields[19]) : nil
    }

    /// RFC 3339 in UTC with milliseconds, as the convention for `process.creation.time` shows it.
    static func timestamp(nanosecondsSince1970 time: UInt64) -> String {
        let seconds = Int(time / 1_000_000_000)
        let (days, rest) = seconds.quotientAndRemainder(dividingBy: 86_400)
        // Days from 0000-03-01, so that a leap day is the last of its year.
        let shifted = days + 719_468
        let (era, dayOfEra) = shifted.quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func padded(_ number: Int, _ width: Int) -> String {
            String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
        }
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        let clock = "\(padded(rest / 3_600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))"
        return "\(date)T\(clock).\(padded(Int(time / 1_000_000 % 1_000), 3))Z"
    }
}
