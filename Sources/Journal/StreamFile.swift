import Foundation
import Synchronization
import SystemPackage

/// The file that keeps an agent's raw stream: `runs/ID/stream.jsonl` in the state directory.
package final class StreamFile: Sendable {
    /// Where the file lies.
    package let path: String
    private let file: Mutex<FileDescriptor?>

    /// Makes the file, empty, and the directories on the way to it, for their owner only.
    ///
    /// - Throws: ``JournalError`` naming the file.
    package init(directory: String, runID: String) throws {
        let folder = directory + "/runs/" + runID
        path = folder + "/stream.jsonl"
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            file = Mutex(
                try FileDescriptor.open(
                    FilePath(path),
                    .writeOnly,
                    options: [.create, .exclusiveCreate, .append, .closeOnExec],
                    permissions: .ownerReadWrite
                )
            )
        } catch {
            throw JournalError(path: path, cause: error)
        }
    }

    deinit { try? close() }

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

    /// Closes the file; what is appended afterwards is lost.
    package func close() throws {
        try file.withLock { file in
            try file?.close()
            file = nil
        }
    }
}
