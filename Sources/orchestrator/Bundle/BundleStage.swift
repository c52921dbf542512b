import Foundation
import SystemPackage

/// The directory that a bundle is made of: every file in it went through the redactor.
struct BundleStage: Sendable {
    /// A file as it is in the bundle.
    struct File: Sendable, Equatable {
        var name: String
        /// Its size, after redaction.
        var bytes: Int
        /// How many secrets were replaced, by kind.
        var redactions: [RedactionKind: Int]
    }

    /// The directory's name, which is all that the archive has at its top.
    let name: String
    /// The directory in which it lies, to be taken away at the end.
    private let parent: String
    /// One that has seen nothing; each file gets a copy, as making it takes longer than most files do.
    private let unused: Redactor
    /// What was added, in order.
    private(set) var files: [File] = []
    /// What should be there and is not, with the path at which it was looked for.
    private(set) var missing: [(name: String, path: String)] = []

    private static let chunk = 256 << 10

    /// Makes it, empty, among the temporary files, for its owner only.
    ///
    /// - Throws: What the file system says.
    init(name: String, known: KnownSecrets) throws {
        self.name = name
        unused = Redactor(known: known)
        parent = FileManager.default.temporaryDirectory.appending(path: "orchestrator-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: "\(parent)/\(name)",
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    /// Takes it away.
    func remove() { try? FileManager.default.removeItem(atPath: parent) }

    /// What `tar` is given after the name of the archive.
    var arguments: [String] { ["-C", parent, name] }

    /// Where a file of it lies.
    func path(of file: String) -> String { "\(parent)/\(name)/\(file)" }

    /// Adds a text.
    mutating func add(_ text: String, as name: String) throws {
        var redactor = unused
        let bytes = redactor.append(text.utf8) + redactor.finish()
        let target = try create(name)
        try target.closeAfter { _ = try target.writeAll(bytes) }
        files.append(File(name: name, bytes: bytes.count, redactions: redactor.counts))
    }

    /// Adds a value as JSON in one line.
    mutating func add(_ value: some Encodable, as name: String) throws {
        try add(try Console.jsonLine(value), as: name)
    }

    /// Adds a file as long as it is now, a piece at a time; the first path that is there counts, and where none is, it is
    /// noted.
    mutating func add(fileAt paths: [String], as name: String) async throws {
        guard let source = Self.open(paths) else {
            missing.append((name, paths.first ?? name))
            return
        }
        defer { try? source.close() }
        let target = try create(name)
        defer { try? target.close() }
        var redactor = unused
        // Who writes it may be faster than we are.
        var rest = try source.seek(offset: 0, from: .end)
        try source.seek(offset: 0, from: .start)
        var written = 0
        while rest > 0 {
            try Task.checkCancellation()
            let bytes = try Self.read(source, atMost: Int(min(rest, Int64(Self.chunk))))
            if bytes.isEmpty { break }
            rest -= Int64(bytes.count)
            written += try target.writeAll(redactor.append(bytes))
            await Task.yield()
        }
        written += try target.writeAll(redactor.finish())
        files.append(File(name: name, bytes: written, redactions: redactor.counts))
    }

    /// Notes what should be there and is not.
    mutating func note(missing name: String, at path: String) { missing.append((name, path)) }

    /// The first that can be opened.
    private static func open(_ paths: [String]) -> FileDescriptor? {
        for path in paths {
            if let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec]) { return file }
        }
        return nil
    }

    private func create(_ name: String) throws -> FileDescriptor {
        try FileDescriptor.open(
            FilePath(path(of: name)),
            .writeOnly,
            options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: .ownerReadWrite
        )
    }

    private static func read(_ source: FileDescriptor, atMost limit: Int) throws -> [UInt8] {
        try unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            count = try unsafe source.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }
}

extension BundleStage.File {
    /// How many secrets were replaced.
    var redacted: Int { redactions.values.reduce(0, +) }

    /// The same by the kinds' names.
    var redactionsByName: [String: Int] {
        Dictionary(uniqueKeysWithValues: redactions.map { ($0.key.rawValue, $0.value) })
    }
}
