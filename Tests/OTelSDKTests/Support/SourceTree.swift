import FoundationEssentials

/// The package's own files, for tests of what is written about it.
enum SourceTree {
    static let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")

    static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(root)/\(path)")), as: UTF8.self)
    }

    /// All files with the ending below a folder, in order, relative to the root.
    static func files(in folder: String, ending: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)")
            .filter { $0.hasSuffix(ending) }
            .map { "\(folder)/\($0)" }
            .sorted()
    }
}
