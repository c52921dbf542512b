/// The pieces of a criterion that are not read yet, and the words and phrases that its grammar is made of.
///
/// What each method takes is told by the rule of the same name at ``CriterionCheck``.
struct CriterionPhrase {
    private var tokens: ArraySlice<CriterionToken>

    init(_ tokens: [CriterionToken]) {
        self.tokens = tokens[...]
    }

    private static let articles = ["the", "a", "an"]

    /// Takes the words of a phrase, in any case, if they are next.
    mutating func take(_ phrase: String) -> Bool {
        let words = phrase.split(separator: " ")
        guard tokens.count >= words.count else { return false }
        for (token, word) in zip(tokens, words) {
            guard case .word(let text) = token, text.lowercased() == word else { return false }
        }
        tokens = tokens.dropFirst(words.count)
        return true
    }

    /// Whether a phrase is next.
    func isNext(_ phrase: String) -> Bool {
        var rest = self
        return rest.take(phrase)
    }

    /// Takes the first phrase of several that is next; longer ones must stand before those they begin with.
    @discardableResult
    mutating func take(oneOf phrases: [String]) -> Bool {
        for phrase in phrases where take(phrase) { return true }
        return false
    }

    @discardableResult
    mutating func takeArticle() -> Bool { take(oneOf: CriterionPhrase.articles) }

    mutating func take(mark: UInt8) -> Bool {
        guard tokens.first == .mark(mark) else { return false }
        tokens.removeFirst()
        return true
    }

    /// Takes a code span.
    mutating func takeSpan() -> String? {
        guard case .code(let text)? = tokens.first else { return nil }
        tokens.removeFirst()
        return text
    }

    /// Takes a word.
    mutating func takeWord() -> String? {
        guard case .word(let text)? = tokens.first else { return nil }
        tokens.removeFirst()
        return text
    }

    /// Takes a text that a file or an output holds, if it is certain what it is.
    mutating func takeText() -> String? {
        take(oneOf: ["the text", "the string", "text", "string"])
        let text: String
        switch tokens.first {
        case .code(let content): text = content
        case .quoted(let content): text = content
        case .word, .mark, nil: return nil
        }
        tokens.removeFirst()
        let trimmed = text.utf8.contains { !$0.isBlank }
        guard trimmed, !["…", "...", "\\", "`"].contains(where: { text.contains($0) }), !text.hasSuffix("()") else {
            return nil
        }
        let hasPlaceholder = zip(text.utf8, text.utf8.dropFirst()).contains { $0 == Byte.less && $1.isLetter }
        return hasPlaceholder && text.contains(">") ? nil : text
    }

    /// Takes an exit code.
    mutating func takeNumber() -> Int? {
        guard case .word(let text)? = tokens.first, text.utf8.allSatisfy(\.isDigit), text.utf8.count <= 3,
            let number = Int(text), number <= 255
        else { return nil }
        tokens.removeFirst()
        return number
    }

    /// What a path is said to be of.
    enum Noun {
        case file
        case directory
        /// A file, or an entry in some other file.
        case script
    }

    /// Takes the word for what a path is of.
    mutating func takeNoun() -> Noun? {
        if take(oneOf: ["directory", "folder", "new directory", "new folder"]) { return .directory }
        if take("script") { return .script }
        let kinds = ["", "new ", "test ", "source ", "config ", "configuration "]
        return take(oneOf: kinds.map { "\($0)file" }) ? .file : nil
    }

    /// Takes a place that says no more than a path that is relative to the workspace.
    mutating func takePlace() {
        var rest = self
        guard rest.take(oneOf: ["in", "at", "under"]) else { return }
        rest.takeArticle()
        let owners = ["workspace", "project", "repository", "repo"]
        if rest.take("root of") {
            rest.takeArticle()
            guard rest.take(oneOf: owners) else { return }
        } else {
            let hasOwner = rest.take(oneOf: owners)
            guard rest.take(oneOf: ["root directory", "root folder", "root"]) || hasOwner else { return }
        }
        self = rest
    }

    /// Takes the way in which a command ends well.
    mutating func takeHow() -> Bool {
        let errors = ["without any errors", "without any error", "without errors", "without error"]
        let none = ["no", "zero", "0"].flatMap { ["with \($0) errors", "with \($0) failures"] }
        return take(oneOf: ["successfully", "cleanly"] + errors + none)
    }

    /// Takes a harmless remark in parentheses and a full stop; false if anything else is left.
    mutating func takeEnd() -> Bool {
        if take(mark: Byte.openParenthesis) {
            let kinds = ["", "type ", "compile ", "typescript ", "lint ", "build "]
            let errors = ["no", "zero", "0", "without"].flatMap { none in kinds.map { "\(none) \($0)errors" } }
            let remarks = ["new file", "new", "created", "required", "exit code 0", "exit 0", "code 0", "all green"]
            guard take(oneOf: remarks + errors), take(mark: Byte.closeParenthesis) else { return false }
        }
        _ = take(mark: Byte.dot)
        return tokens.isEmpty
    }
}
