/// Tells a shell command from other things that stand in code spans: functions, types, statements, prose.
enum CommandShape {
    /// What the text around a code span says about it.
    enum Context {
        /// "`X` exits with code 3": only a command does, and it ends by itself.
        case exits
        /// "Running `X` …", "the command `X` …".
        case named
        /// A list item or value below "Verify".
        case listed
        /// "`X` works": so does a function, or a feature.
        case claimed
    }

    /// Whether a text is a command that can be run as it stands.
    static func isCommand(_ text: String, as context: Context) -> Bool {
        guard let words = ShellWord.words(of: text), !ShellWord.hasPlaceholder(text, words: words) else { return false }
        let command = words.drop { $0.isAssignment }
        guard let program = command.first, isProgram(program) else { return false }
        let arguments = command.dropFirst()
        if let second = arguments.first, operators.contains(second.text) { return false }
        guard context == .exits || !staysInForeground(command) else { return false }
        if program.text.hasPrefix("./") || program.text.hasPrefix("../") { return true }
        switch context {
        case .exits, .named: return true
        case .listed: return !arguments.isEmpty || programsAlone.contains(program.text)
        case .claimed:
            if arguments.isEmpty { return programsAlone.contains(program.text) }
            return isKnown(program.text, before: arguments.first?.text) || arguments.contains { $0.isEvidence }
        }
    }

    /// Whether a word can name a program: `make`, `./a.sh`, `/usr/bin/env`, `bin/tool`, `[`; not `Foo`, `a.b`, `/route`.
    private static func isProgram(_ word: ShellWord) -> Bool {
        guard !word.isQuoted else { return false }
        let text = word.text
        if text == "[" || text == "Rscript" { return true }
        let marks = Set("._-+/".utf8)
        guard let first = text.utf8.first,
            first.isLetter && !first.isUppercase || first.isDigit || marks.contains(first),
            first != Byte.dash, first != Byte.plus, text.utf8.contains(where: \.isLetter),
            text.utf8.allSatisfy({ $0.isAlphanumeric || marks.contains($0) }), text.utf8.last != Byte.slash
        else { return false }
        if first == Byte.slash { return text.utf8.dropFirst().contains(Byte.slash) }
        if first == Byte.dot { return text.hasPrefix("./") || text.hasPrefix("../") }
        if text.utf8.contains(Byte.slash) { return true }
        return !reserved.contains(text) && !hasAttribute(text)
    }

    /// Whether a letter stands behind a full stop, as in `a.b` and `main.py`, but not in `python3.12`.
    private static func hasAttribute(_ text: String) -> Bool {
        zip(text.utf8, text.utf8.dropFirst()).contains { $0 == Byte.dot && !$1.isDigit }
    }

    private static func isKnown(_ program: String, before argument: String?) -> Bool {
        let name = program.utf8.reversed().prefix { $0 != Byte.slash }.drop { $0.isDigit || $0 == Byte.dot }
        let base = String(decoding: name.reversed(), as: UTF8.self)
        if let subcommands = subcommands[base] { return argument.map(subcommands.contains) ?? false }
        return programs.contains(base) || programsAlone.contains(base)
    }

    /// Whether a command is a server or a watcher, which would never end.
    private static func staysInForeground(_ command: ArraySlice<ShellWord>) -> Bool {
        if command.contains(where: { $0.text == "-d" || $0.text == "--detach" }) { return false }
        if command.contains(where: { ["--help", "-h", "--version"].contains($0.text) }) { return false }
        return command.contains { servers.contains($0.text) }
    }

    private static let operators: Set = [
        "=", "==", "===", "!=", "+=", "-=", ":=", "->", "=>", ":", "+", "*", "<=", ">=", "is", "in", "not",
    ]
    private static let servers: Set = [
        "dev", "gunicorn", "http.server", "nodemon", "preview", "repl", "runserver", "serve", "server", "shell",
        "start",
        "uvicorn", "up", "watch", "--follow", "--watch",
    ]
    /// First words of statements of other languages, and of sentences.
    private static let reserved: Set = [
        "a", "alter", "an", "and", "assert", "async", "await", "case", "catch", "class", "const", "create", "def",
        "delete", "drop", "each", "enum", "export", "extends", "final", "fn", "for", "from", "func", "function", "if",
        "import", "in", "insert", "interface", "is", "lambda", "let", "match", "module", "new", "no", "not", "or",
        "package", "print", "private", "public", "raise", "return", "select", "static", "struct", "switch", "the",
        "this", "throw", "try", "type", "update", "use", "using", "var", "while", "with", "yield",
    ]
    /// Programs that are run without an argument.
    private static let programsAlone: Set = [
        "ctest", "eslint", "flake8", "jest", "make", "mocha", "mypy", "ninja", "nox", "phpunit", "pylint", "pytest",
        "rake", "rspec", "swiftlint", "tox", "tsc", "vitest",
    ]
    /// Programs whose name is no word that a plan would use for anything else.
    private static let programs: Set = [
        "ansible", "bash", "bazel", "bun", "bundle", "bunx", "cargo", "clang", "clang++", "cmake", "composer", "curl",
        "deno", "docker", "docker-compose", "dotnet", "egrep", "fgrep", "g++", "gcc", "gh", "git", "golangci-lint",
        "gradle", "gradlew", "grep", "hatch", "helm", "hugo", "java", "javac", "jq", "kubectl", "meson", "mkdocs",
        "mvn",
        "node", "npm", "npx", "pdm", "php", "pip", "pipenv", "pnpm", "podman", "poetry", "pre-commit", "prettier",
        "psql",
        "py", "pyright", "python", "ruby", "ruff", "rustc", "sed", "sh", "shellcheck", "shfmt", "sqlite", "sudo",
        "swiftc", "terraform", "uv", "uvx", "wget", "xcodebuild", "yamllint", "yarn", "zsh",
    ]
    /// Programs whose name is a word, by what may follow them.
    private static let subcommands: [String: Set<String>] = [
        "go": ["build", "fmt", "generate", "install", "list", "mod", "run", "test", "tool", "vet"],
        "swift": ["build", "format", "package", "run", "test"],
    ]
}
