import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Takes over what processes left that were killed.
extension Spool {
    /// What was found of one dead process.
    enum Recovered: Sendable, Equatable {
        /// Its records are requests now; older ones may have had to make room.
        case kept(SpoolItems, process: Int32, dropped: SpoolItems)
        /// Not a file of records; it was set aside.
        case corrupt(name: String)
        /// There is no room for its requests; they are to be sent from here, and the remains deleted after that.
        case direct([SpoolRecord], Remains, process: Int32)
        /// It stays where it is, for another time.
        case failed(String)
    }

    /// The file of a dead process; while this object lives nobody else takes it over.
    final class Remains: Sendable, Equatable {
        fileprivate let name: String
        private let lock: FileLock

        fileprivate init(name: String, lock: consuming FileLock) {
            self.name = name
            self.lock = lock
        }

        static func == (left: Remains, right: Remains) -> Bool { left === right }
    }

    /// Deletes a dead process's file, of which all was delivered or refused for good.
    func delete(_ remains: Remains) async {
        await work.run { [directory] in directory.delete(remains.name) }
    }

    /// Makes requests of the records of all dead processes, to be sent in the order of their times.
    ///
    /// Killed in the middle of it, the next one begins anew: nothing counts before the new file has its name, and once it
    /// has, the old one is only deleted.
    ///
    /// - Parameter maximumRequest: How large a request should be at most, in bytes.
    /// - Returns: what was found, process by process.
    func recover(maximumRequest: Int) async -> [Recovered] {
        await work.run { [self] in
            guard let names = try? directory.liveFiles() else { return [] }
            return names.compactMap { name in
                do throws(Errno) {
                    return try recover(name, maximumRequest)
                } catch {
                    return .failed("\(directory.path.string)/\(name): \(error.description)")
                }
            }
        }
    }

    /// Nil where its process lives, or left nothing.
    private func recover(_ name: String, _ maximumRequest: Int) throws(Errno) -> Recovered? {
        // The time is the last change's, so that what came later is sent later; the name is the same at each try.
        guard let lock = try lock(name), let time = directory.timeOfChange(name) else { return nil }
        let unique = name.dropLast(SpoolDirectory.liveSuffix.count).split(separator: "-").last ?? ""
        let newName = SpoolDirectory.recordName(time, 0, UInt64(unique, radix: 16) ?? 0)
        guard directory.timeOfChange(newName) == nil else {
            directory.delete(name)
            return nil
        }
        guard let dead = try DeadRecords(lock.file, lastChange: time, maximumRequest: maximumRequest) else {
            directory.setAside(name)
            return .corrupt(name: name)
        }
        guard !dead.requests.isEmpty else {
            directory.delete(name)
            return nil
        }
        if let onRecoveredTrace { RecoveredTrace.traces(in: dead.requests).forEach(onRecoveredTrace) }
        let bytes = dead.requests.reduce(0) { $0 + SpoolFrame.headerSize + $1.request.count }
        let dropped: SpoolItems
        do throws(Errno) {
            dropped = try makeRoom(for: bytes, insteadOf: name)
            try write(dead.requests, time: time, as: newName)
        } catch {
            guard error == .noSpace || error.rawValue == EDQUOT else { throw error }
            return .direct(dead.requests, Remains(name: name, lock: lock), process: dead.process)
        }
        directory.delete(name)
        var items = SpoolItems()
        for request in dead.requests { items.add(request.items, of: request.signal) }
        return .kept(items, process: dead.process, dropped: dropped)
    }

    /// Takes the lock of a dead process's file; nil where its process lives, or somebody else takes it over.
    ///
    /// Who only looks has the lock for a moment, so where the process is gone, that moment is waited for.
    private func lock(_ name: String) throws(Errno) -> FileLock? {
        for _ in 0..<20 {
            if let lock = try directory.lock(name) { return lock }
            guard let process = SpoolDirectory.process(inLiveName: name), kill(process, 0) != 0, errno == ESRCH else {
                return nil
            }
            usleep(1000)
        }
        return nil
    }

    /// Writes a file that is either whole under its name, also after a power cut, or not there.
    private func write(_ records: [SpoolRecord], time: UInt64, as name: String) throws(Errno) {
        let temporary = SpoolDirectory.temporaryPrefix + name
        // Who holds the lock of the records is alone here; so this can only be a dead process's.
        directory.delete(temporary)
        guard let lock = try directory.make(temporary) else { throw .resourceBusy }
        do throws(Errno) {
            _ = try SpoolSegment.append(records, time: time, to: lock.file, at: 0)
            try directory.rename(temporary, to: name)
        } catch {
            directory.delete(temporary)
            throw error
        }
        directory.sync()
    }
}
