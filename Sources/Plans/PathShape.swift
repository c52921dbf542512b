/// Tells a path of the workspace from other things that stand in code spans: routes, branches, packages, attributes.
enum PathShape {
    /// What the text around a code span says about it.
    enum Context {
        /// "file `X`", "directory `X`".
        case named
        /// Only the span itself tells.
        case bare
    }

    /// Whether a text is one path, with no pattern and no placeholder in it.
    ///
    /// It is one if it is named as one, is a file of the task, has a slash, or ends like the name of a file.
    static func isPath(_ text: String, as context: Context, files: [String]) -> Bool {
        guard isPlain(text) else { return false }
        if files.contains(text) { return true }
        let segments = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = segments.first, !segments.dropFirst().dropLast().contains(where: \.isEmpty) else {
            return false
        }
        if context == .named { return true }
        guard segments.count > 1 else {
            let isAttribute = attributes.contains { text.hasSuffix($0) } && !fileNames.contains(text)
            return !isAttribute && !products.contains(text.lowercased()) && endsLikeFile(text)
        }
        if first.isEmpty { return endsLikeFile(text) }
        if nonFolders.contains(first.lowercased()) { return false }
        return !hosts.contains { first.hasSuffix($0) }
    }

    /// Whether a path is most likely that of a file and not of a directory.
    static func isFile(_ text: String, as context: Context, files: [String]) -> Bool {
        guard text.utf8.last != Byte.slash else { return false }
        return context == .named || files.contains(text) || endsLikeFile(text)
    }

    /// Whether a word of a command can be nothing but a path: `./x`, `../x`, `tests/`, `a/b.py`, `a.py`.
    static func isEvident(_ text: String) -> Bool {
        guard isPlain(text) else { return false }
        if text.hasPrefix("./") || text.hasPrefix("../") { return true }
        return endsLikeFile(text) || text.utf8.last == Byte.slash && text.utf8.count > 2
    }

    /// Whether the last part of a path has the extension or the name of a file.
    static func endsLikeFile(_ text: String) -> Bool {
        guard let name = text.split(separator: "/", omittingEmptySubsequences: false).last else { return false }
        if fileNames.contains(name.lowercased()) { return true }
        if name.hasPrefix("."), name.hasSuffix("ignore") || name.hasSuffix("rc") { return true }
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return false }
        return extensions.contains(name[name.index(after: dot)...].lowercased())
    }

    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 300, text.utf8.contains(where: \.isAlphanumeric) else {
            return false
        }
        guard first != Byte.dash, first != UInt8(ascii: "@"), first != Byte.plus else { return false }
        let marks = Set("._-/+@".utf8)
        guard text.utf8.allSatisfy({ $0.isAlphanumeric || $0.isBeyondASCII || marks.contains($0) }) else {
            return false
        }
        return !placeholders.contains { text.contains($0) }
    }

    private static let placeholders = ["…", "...", "XXX", "YYY", "NNN", "path/to", "your-", "your_"]
    private static let extensions: Set<String> = [
        "bash", "bat", "c", "cc", "cfg", "cjs", "conf", "cpp", "cs", "css", "csv", "db", "dart", "env", "ex", "exs",
        "fish", "go", "gradle", "graphql", "gz", "h", "hpp", "hs", "htm", "html", "ini", "ipynb", "java", "jpeg", "jpg",
        "js", "json", "jsonl", "jsx", "kt", "kts", "less", "lock", "log", "lua", "m", "md", "mdx", "mjs", "ml", "mod",
        "modulemap", "out", "parquet", "patch", "pdf", "php", "pl", "png", "properties", "proto", "ps1", "py", "pyi",
        "r", "rb", "rs", "rst", "sass", "scala", "scss", "sh", "sig", "sql", "sqlite", "svelte", "svg", "swift", "tar",
        "tex", "tf", "toml", "ts", "tsv", "tsx", "txt", "typed", "vue", "wasm", "xml", "yaml", "yml", "zig", "zip",
        "zsh",
    ]
    private static let fileNames: Set<String> = [
        ".clang-format", ".dockerignore", ".editorconfig", ".env", ".env.example", ".gitattributes", ".gitignore",
        ".gitmodules", ".htaccess", ".npmrc", ".nvmrc", ".python-version", ".swift-format", ".tool-versions",
        "brewfile", "changelog", "codeowners", "containerfile", "dockerfile", "gemfile", "jenkinsfile", "justfile",
        "license", "makefile", "procfile", "rakefile", "readme", "vagrantfile",
    ]
    /// Extensions that are as often attributes: `console.log`, `process.env`, `System.out`.
    private static let attributes = [".log", ".env", ".out"]
    /// Products with the name of a file.
    private static let products: Set<String> = [
        "chart.js", "d3.js", "discord.js", "ember.js", "express.js", "moment.js", "next.js", "node.js",
        "nuxt.js", "react.js", "three.js", "vue.js",
    ]
    /// What stands before a slash in branches, media types and the like.
    private static let nonFolders: Set<String> = [
        "application", "audio", "bugfix", "feature", "fix", "heads", "hotfix", "image", "multipart", "n", "origin",
        "refs", "remotes", "text", "upstream", "video", "localhost",
    ]
    private static let hosts = [".com", ".dev", ".io", ".net", ".org"]
}
