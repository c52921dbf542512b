import OTLPWire
import Synchronization
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Memory for this process's records, mapped from a file, so that kill -9 takes nothing with it.
///
/// The file is made with the first region and locked as long as this object lives: who gets its lock knows that the process
/// is dead, and that what is in it is his to send. Room is allocated on disk before it is mapped, so that a full disk is an
/// error here, and never a signal later.
final class LiveFile: RecordMemory {
    private struct State: ~Copyable {
        var file: OpenFile?
        /// Where regions are mapped; they stay so until nobody can have a record any more.
        var regions: [(address: UInt, size: Int)] = []
        var lastFailure: ContinuousClock.Instant?
    }

    private struct OpenFile: ~Copyable {
        let name: String
        let lock: FileLock
        var size: Int
    }

    private static let smallestRegion = 256 << 10
    private static let largestRegion = 4 << 20
    private static let mostAttempts = 8

    private let directory: SpoolDirectory
    private let header: LiveFileHeader
    private let maximumBytes: Int
    private let unique: UInt64
    private let onFailure: @Sendable (String) -> Void
    private let state = Mutex(State())

    /// Makes nothing on disk yet.
    ///
    /// The file has `maximumBytes` at most; what does not fit is the heap's. `onFailure` gets the reason when no region can
    /// be had, once a second at most.
    init(
        directory: SpoolDirectory,
        header: LiveFileHeader,
        maximumBytes: Int,
        unique: UInt64,
        onFailure: @escaping @Sendable (String) -> Void
    ) {
        self.directory = directory
        self.header = header
        self.maximumBytes = maximumBytes
        self.unique = unique
        self.onFailure = onFailure
    }

    deinit {
        state.withLock { state in
            for region in state.regions {
                unsafe munmap(UnsafeMutableRawPointer(bitPattern: region.address), region.size)
            }
        }
    }

    /// Another region, zeroed, that other processes find after our death; nil where there is no room.
    func makeRegion(atLeast bytes: Int) -> UnsafeMutableRawBufferPointer? {
        let result: Result<UnsafeMutableRawBufferPointer, Errno>? = unsafe state.withLock { state in
            // Those who make records do not pay for asking a full disk each time.
            if let last = state.lastFailure, last.duration(to: .now) < .seconds(1) { return nil }
            do throws(Errno) {
                return unsafe .success(try addRegion(atLeast: bytes, &state))
            } catch {
                if bytes <= Self.smallestRegion { state.lastFailure = .now }
                return unsafe .failure(error)
            }
        }
        switch unsafe result {
        case .success(let region): return unsafe region
        case .failure(let error): onFailure("\(directory.path.string): \(error.description)")
        case nil: break
        }
        return nil
    }

    /// Deletes the file, as all that it held was delivered, spooled or dropped; later records are not durable.
    func delete() {
        state.withLock { state in
            state.lastFailure = .now
            guard let file = state.file.take() else { return }
            directory.delete(file.name)
        }
    }

    private func addRegion(
        atLeast bytes: Int,
        _ state: inout State
    ) throws(Errno) -> UnsafeMutableRawBufferPointer {
        if state.file == nil { state.file = try makeFile() }
        guard let start = state.file?.size, let descriptor = state.file?.lock.file.rawValue else { throw .ioError }
        let wanted = max(bytes, min(Self.largestRegion, max(Self.smallestRegion, start)))
        let page = LiveFileHeader.pageSize
        let size = min((maximumBytes - start) / page * page, (wanted + page - 1) / page * page)
        guard size >= bytes, state.regions.count < LiveFileHeader.maximumRegions else { throw .noSpace }
        let problem = posix_fallocate(descriptor, start, size)
        guard problem == 0 else {
            ftruncate(descriptor, start)
            throw Errno(rawValue: problem)
        }
        guard let address = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, start),
            unsafe address != MAP_FAILED
        else { throw Errno(rawValue: errno) }
        let entry = LiveFileHeader.entry(ofRegion: state.regions.count, size: size)
        try SpoolDirectory.rethrow {
            _ = try FileDescriptor(rawValue: descriptor).writeAll(toAbsoluteOffset: Int64(entry.place), entry.bytes)
        }
        state.file?.size = start + size
        state.regions.append((UInt(bitPattern: address), size))
        return unsafe UnsafeMutableRawBufferPointer(start: address, count: size)
    }

    /// Makes the file under a passing name, so that nobody sees it without its header.
    private func makeFile() throws(Errno) -> OpenFile {
        try directory.create()
        // Between its making and its locking another process that cleans up may take it for a dead one's remains.
        for attempt in 1...Self.mostAttempts {
            if let file = try makeFile(attempt) { return file }
        }
        throw .resourceBusy
    }

    private func makeFile(_ attempt: Int) throws(Errno) -> OpenFile? {
        let name = SpoolDirectory.liveName(header.start, header.process, unique)
        let temporary = "\(SpoolDirectory.temporaryPrefix)\(attempt)-\(name)"
        guard let lock = try directory.make(temporary) else { return nil }
        let bytes = header.bytes
        do throws(Errno) {
            try SpoolDirectory.rethrow { _ = try lock.file.writeAll(bytes) }
            try directory.rename(temporary, to: name)
        } catch {
            directory.delete(temporary)
            throw error
        }
        return OpenFile(name: name, lock: lock, size: bytes.count)
    }
}
