import Foundation
import Synchronization
import SystemPackage

/// The file that keeps an agent's raw stream: `runs/ID/stream.jsonl` in the state directory, `stream-2.jsonl` for the
/// second attempt, and so on.
///
/// Who has it open this way holds the attempt: it is alive as long as that is so, and nobody else works on it.
package final class StreamFile: Sendable {
    /// Where the file lies.
    package let path: String
    private let file: Mutex<FileDescriptor?>

    /// Makes the file, empty, and the directories on the way to it, for their owner only; and holds it.
    ///
    /// An empty file that nobody holds is taken over: who had made it was killed before the attempt began.
    ///
    /// - Throws: ``JournalError`` naming the file, with the code `isHeld` or `isWritten` if it is not free.
    package convenience init(directory: String, runID: String, attemptNumber: Int = 1) throws {
        let path = Self.path(directory: directory, runID: runID, attemptNumber: attemptNumber)
        let file = try Self.open(path)
        guard let file else { throw JournalError(.isHeld, path: path) }
        self.init(path: path, holding: file)
        do {
            guard try file.seek(offset: 0, from: .end) == 0 else { throw JournalError(.isWritten, path: path) }
        } catch let error as Errno {
            throw JournalError(path: path, cause: error)
        }
    }

    private init(path: String, holding file: FileDescriptor) {
        self.path = path
        self.file = Mutex(file)
    }

    deinit { try? close() }

    /// Where the stream of an attempt lies.
    package static func path(directory: String, runID: String, attemptNumber: Int) -> String {
        directory + "/runs/" + runID + (attemptNumber == 1 ? "/stream.jsonl" : "/stream-\(attemptNumber).jsonl")
    }

    /// Holds the stream of an attempt whose runner is gone, so that nobody else works on that attempt; nil if somebody does.
    ///
    /// A file that is missing is made, empty.
    ///
    /// - Throws: ``JournalError`` naming the file.
    package static func adopt(_ path: String) throws -> StreamFile? {
        try open(path).map { StreamFile(path: path, holding: $0) }
    }

    /// Whether a process works on the attempt of this stream; one that is missing nobody holds.
    package static func isHeld(_ path: String) -> Bool {
        guard let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec]) else {
            return false
        }
        defer { try? file.close() }
        return AttemptLock.isTaken(file)
    }

    /// Opens and holds the file, or gives nil if somebody else holds it.
    private static func open(_ path: String) throws -> FileDescriptor? {
        do {
            try FileManager.default.createDirectory(
                atPath: FilePath(path).removingLastComponent().string,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            let file = try FileDescriptor.open(
                FilePath(path),
                .writeOnly,
                options: [.create, .append, .closeOnExec],
                permissions: .ownerReadWrite
            )
            do {
                if try AttemptLock.take(file) { return file }
            } catch {
                try? file.close()
                throw error
            }
            try file.close()
            return nil
        } catch {
            throw JournalError(path: path, cause: error)
        }
    }

    /// Appends bytes as they came; they are in the kernel's hands when this returns, and survive a kill of this process.
    ///
    /// - Throws: ``JournalError`` naming the file, for instance when the disk is full.
    package func append(_ bytes: [UInt8]) throws {
        do {
            _ = try file.withLock { try $0?.writeAll(bytes) }
        } catch {
            throw JournalError(path: path, cause: error)
        }
    }

    /// Closes the file and holds it no longer; what is appended afterwards is lost.
    package func close() throws {
        try file.withLock { file in
            guard let open = file else { return }
            file = nil
            AttemptLock.release(open)
            try open.close()
        }
    }
}
