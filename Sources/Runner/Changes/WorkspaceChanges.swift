/// What an attempt changed in its workspace.
package struct WorkspaceChanges: Sendable, Equatable, Codable {
    /// How it was found out.
    package enum Kind: String, Sendable, Codable {
        /// By git, in the workspace's own repository; ignored files are left out.
        case git
        /// By a snapshot of our own.
        case snapshot
        /// It could not be found out.
        case unknown
    }

    /// One file.
    package struct File: Sendable, Equatable, Codable {
        /// What became of it.
        package enum Change: String, Sendable, Codable {
            case added
            case changed
            case deleted
        }

        /// The path, relative to the workspace.
        package var path: String
        /// What became of it.
        package var change: Change
        /// Lines added and deleted; nil for a binary file, or where they were not counted.
        package var addedLines: Int?
        package var deletedLines: Int?

        private enum CodingKeys: String, CodingKey {
            case path
            case change
            case addedLines = "added_lines"
            case deletedLines = "deleted_lines"
        }

        /// Encodes it; what is not known is `null`, never absent.
        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(path, forKey: .path)
            try container.encode(change, forKey: .change)
            try container.encode(addedLines, forKey: .addedLines)
            try container.encode(deletedLines, forKey: .deletedLines)
        }

        package init(path: String, change: Change, addedLines: Int? = nil, deletedLines: Int? = nil) {
            self.path = path
            self.change = change
            self.addedLines = addedLines
            self.deletedLines = deletedLines
        }
    }

    /// How it was found out.
    package var kind: Kind
    /// Files by what became of them.
    package var added = 0
    package var changed = 0
    package var deleted = 0
    /// Lines over all files.
    package var addedLines = 0
    package var deletedLines = 0
    /// Commits made on the branch that is checked out.
    package var commits = 0
    /// The files in the order of their paths, at most ``listedFiles``.
    package var files: [File] = []
    /// Whether there are more files than are listed.
    package var isCut = false

    /// How many files are named.
    package static let listedFiles = 200

    package init(_ kind: Kind = .unknown) {
        self.kind = kind
    }

    /// Whether it is known that nothing changed.
    package var isKnownEmpty: Bool { kind != .unknown && added + changed + deleted + commits == 0 }

    private enum CodingKeys: String, CodingKey {
        case kind
        case added
        case changed
        case deleted
        case addedLines = "added_lines"
        case deletedLines = "deleted_lines"
        case commits
        case files
        case isCut = "is_cut"
    }
}

extension WorkspaceChanges {
    /// Reads what the script printed for a comparison: the number of commits, then records as `git diff-tree` gives them
    /// with `-z --raw --numstat`.
    init(_ kind: Kind, scriptOutput: [UInt8]) {
        self.init(kind)
        let head = scriptOutput.prefix { $0 != 0x0A }
        commits = Int(String(decoding: head, as: UTF8.self)) ?? 0
        var tokens = scriptOutput.dropFirst(head.count + 1).split(separator: 0)[...]
        var all: [String: File] = [:]
        while let token = tokens.popFirst().map({ String(decoding: $0, as: UTF8.self) }) {
            if token.hasPrefix(":") {
                guard let path = tokens.popFirst().map({ String(decoding: $0, as: UTF8.self) }) else { break }
                let change: File.Change =
                    switch token.last {
                    case "A": .added
                    case "D": .deleted
                    default: .changed
                    }
                all[path] = File(path: path, change: change)
            } else {
                let fields = token.split(separator: "\t", maxSplits: 2).map(String.init)
                guard fields.count == 3 else { continue }
                all[fields[2]]?.addedLines = Int(fields[0])
                all[fields[2]]?.deletedLines = Int(fields[1])
            }
        }
        count(all.values.sorted { $0.path < $1.path })
    }

    private mutating func count(_ all: [File]) {
        for file in all {
            switch file.change {
            case .added: added += 1
            case .changed: changed += 1
            case .deleted: deleted += 1
            }
            addedLines += file.addedLines ?? 0
            deletedLines += file.deletedLines ?? 0
        }
        files = Array(all.prefix(Self.listedFiles))
        isCut = all.count > files.count
    }

    /// The change in one line: `2 files added, 1 changed (+10 -3 lines)`.
    package var summary: String {
        guard kind != .unknown else { return "unknown" }
        let parts = [(added, "added"), (changed, "changed"), (deleted, "deleted")].filter { $0.0 > 0 }
            .enumerated()
            .map { index, part in
                index == 0 ? "\(part.0) \(part.0 == 1 ? "file" : "files") \(part.1)" : "\(part.0) \(part.1)"
            }
        let lines = addedLines + deletedLines > 0 ? " (+\(addedLines) -\(deletedLines) lines)" : ""
        let commits = commits > 0 ? ["\(self.commits) \(self.commits == 1 ? "commit" : "commits")"] : []
        let words = parts + commits
        return words.isEmpty ? "nothing" : words.joined(separator: ", ") + lines
    }
}
