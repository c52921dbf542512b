import Foundation
import Synchronization

/// The file that keeps an agent's raw stream: `runs/ID/stream.jsonl` in the state directory.
package final class StreamFile: Sendable {
    /// Where the file lies.
    package let path: String
    private let handle: Mutex<FileHandle?>

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
            try Data().write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
            handle = Mutex(try FileHandle(forWritingTo: URL(fileURLWithPath: path)))
        } catch {
            throw JournalError(path: path, cause: error)
        }
    }

    /// Appends bytes as they came; they are in the kernel's hands when this returns, and survive a kill of this process.
    package func append(_ bytes: [UInt8]) throws {
        try handle.withLock { try $0?.write(contentsOf: bytes) }
    }

    /// Closes the file; what is appended afterwards is lost.
    package func close() throws {
        try handle.withLock { handle in
            try handle?.close()
            handle = nil
        }
    }
}
