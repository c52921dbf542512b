import Foundation
import Runner
import Sandbox
import SystemPackage

/// A file that a user asked for: readable by its owner only, and there as a whole or not at all.
struct OutputFile: Sendable {
    /// The file as the user named it.
    let path: String
    /// Whether a file that is there is replaced.
    let replaces: Bool
    /// What it is, for a message, such as `bundle`.
    let kind: String

    /// - Throws: `PreparationError` if the file is there and not to be replaced.
    init(path: String, replaces: Bool, kind: String) throws {
        self.path = path
        self.replaces = replaces
        self.kind = kind
        try check()
    }

    /// Writes it under another name beside its place, and gives it its name.
    ///
    /// - Parameter write: Fills a private file.
    /// - Returns: The file's size in bytes.
    /// - Throws: `PreparationError` naming the file, or what `write` throws.
    func fill(_ write: (PrivateFile) async throws -> Void) async throws -> Int {
        let file: PrivateFile
        do {
            let directory = FilePath(path).removingLastComponent().string
            file = try PrivateFile(in: directory.isEmpty ? "." : directory, prefix: ".orchestrator-\(kind)-")
        } catch {
            throw unwritable(error.systemReason)
        }
        defer { file.remove() }
        do {
            try await write(file)
            let size = try file.descriptor.seek(offset: 0, from: .end)
            try check()
            guard unsafe rename(file.path, path) == 0 else { throw Errno(rawValue: errno) }
            return Int(size)
        } catch let error as Errno {
            throw unwritable(error.systemReason)
        }
    }

    /// Why it cannot be written, with the way out.
    func unwritable(_ reason: String) -> PreparationError {
        PreparationError(
            exitCode: .usage,
            message: "The \(kind) \(path) cannot be written: \(reason).",
            remedy: "name another file with --output"
        )
    }

    /// - Throws: `PreparationError` if the file is there and may not be replaced.
    private func check() throws {
        guard let status = try? FilePath(path).stat(followTargetSymlink: false) else { return }
        guard status.type != .directory else { throw unwritable("it is a directory") }
        guard !replaces else { return }
        throw PreparationError(
            exitCode: .usage,
            message: "\(path) is there already.",
            remedy: "--force replaces it, or name another file with --output"
        )
    }
}
