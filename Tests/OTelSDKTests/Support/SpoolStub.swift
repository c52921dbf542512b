import Testing

@testable import OTelSDK

#if canImport(Glibc)
import Glibc
#endif

extension Spool {
    static func stub(
        _ directory: TemporaryDirectory,
        bytes: Int = 1 << 20,
        age: Duration = .seconds(1000),
        wallClock: @escaping @Sendable () -> UInt64 = { 1_700_000_000_000_000_000 }
    ) -> Spool {
        .stub(directory.spool, bytes: bytes, age: age, wallClock: wallClock)
    }

    static func stub(
        _ path: String,
        bytes: Int = 1 << 20,
        age: Duration = .seconds(1000),
        wallClock: @escaping @Sendable () -> UInt64 = { 1_700_000_000_000_000_000 }
    ) -> Spool {
        Spool(
            path: path,
            maximumBytes: bytes,
            maximumAge: age,
            time: TimeSource(ContinuousClock(), wallClock: wallClock),
            random: .system()
        )
    }

    /// Takes out what is there, as if it were delivered: the numbers of items.
    func drain(of signals: Set<TelemetrySignal> = [.traces, .metrics, .logs], atMost count: Int = .max) async -> [Int] {
        var sent: [Int] = []
        while sent.count < count {
            switch await next(of: signals) {
            case .record(let record, let claim):
                sent.append(record.items)
                await delete(claim)
            case .expired, .corrupt: continue
            case .nothing: return sent
            }
        }
        return sent
    }
}

extension SpoolRecord {
    /// A request that can be told from others.
    static func numbered(_ number: Int) -> SpoolRecord {
        SpoolRecord(signal: .traces, items: number, request: Array("request number \(number)".utf8))
    }
}

extension TemporaryDirectory {
    func read(_ name: String) -> [UInt8] {
        guard let file = unsafe fopen("\(path)/\(name)", "r") else { return [] }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        while case let byte = unsafe getc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
        return bytes
    }

    func delete(_ name: String) {
        _ = unsafe unlink("\(path)/\(name)")
    }

    /// The sizes of all files together.
    func bytes(in directory: String) -> Int {
        names(in: directory).reduce(0) { sum, name in
            var status = stat()
            _ = unsafe stat("\(path)/\(directory)/\(name)", &status)
            return sum + Int(status.st_size)
        }
    }
}
