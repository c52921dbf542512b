/// Reads the check out of the text of a criterion; the grammar is told at ``CriterionCheck``.
struct CriterionGrammar {
    private var phrase: CriterionPhrase
    /// The files of the task.
    private let files: [String]

    /// The check that a criterion of a task with these files says; nil if a machine cannot check it for certain.
    static func check(_ text: String, files: [String]) -> CriterionCheck? {
        guard let tokens = CriterionToken.tokens(of: text.utf8), tokens.contains(where: isNeeded) else { return nil }
        let start = CriterionGrammar(phrase: CriterionPhrase(tokens), files: files)
        let forms: [(inout CriterionGrammar) -> CriterionCheck?] = [
            { $0.readFiles() }, { $0.readPath() }, { $0.readCommand() }, { $0.readOutput() }, { $0.readSubject() },
        ]
        for form in forms {
            var grammar = start
            if let check = form(&grammar), grammar.phrase.takeEnd() { return check }
        }
        return nil
    }

    /// Whether a piece is one without which there is no check: most criteria are prose, and need not be read on.
    private static func isNeeded(_ token: CriterionToken) -> Bool {
        switch token {
        case .code: true
        case .word(let text): ["file", "files", "directory", "folder", "script"].contains(text.lowercased())
        case .quoted, .mark: false
        }
    }

    private static let existing =
        ["exists", "exist", "is present", "created"]
        + ["is", "are", "was", "were", "has been", "have been"].map { "\($0) created" }
    private static let absent =
        ["does not exist", "doesn't exist"].flatMap { ["\($0) anymore", "\($0) any more", $0] }
        + ["no longer exists", "is absent", "is gone"]
        + ["", "is ", "was ", "has been "].flatMap { ["\($0)removed", "\($0)deleted"] }

    /// "File exists".
    private mutating func readFiles() -> CriterionCheck? {
        phrase.take(oneOf: ["all", "both"])
        phrase.takeArticle()
        guard phrase.take(oneOf: ["file", "files"]), phrase.take(oneOf: CriterionGrammar.existing) else { return nil }
        guard !files.isEmpty, files.allSatisfy({ PathShape.isPath($0, as: .named, files: []) }) else { return nil }
        return .exists(paths: files)
    }

    /// "File `X` exists", "`X` is removed", "`X` contains `Y`".
    private mutating func readPath() -> CriterionCheck? {
        phrase.takeArticle()
        let noun = phrase.takeNoun()
        let span = phrase.takeSpan()
        guard var path = span ?? (noun == nil ? nil : phrase.takeWord()) else { return nil }
        let kind = noun ?? phrase.takeNoun()
        let isNamed = span != nil && (kind == .file || kind == .directory)
        let context = isNamed ? PathShape.Context.named : .bare
        guard PathShape.isPath(path, as: context, files: files) else { return nil }
        if phrase.take("contains") {
            guard kind != .directory, PathShape.isFile(path, as: context, files: files) else { return nil }
            return phrase.takeText().map { .contains(path: path, text: $0) }
        }
        if kind == .directory, path.utf8.last != Byte.slash { path += "/" }
        if phrase.take(oneOf: CriterionGrammar.existing) {
            phrase.takePlace()
            return .exists(paths: [path])
        }
        guard phrase.take(oneOf: CriterionGrammar.absent) else { return nil }
        phrase.takePlace()
        return .isAbsent(path: path)
    }

    /// "Running `X` outputs "Y"", "`X` exits with code 3", "`X` passes".
    private mutating func readCommand() -> CriterionCheck? {
        var isNamed = phrase.take(oneOf: ["running", "executing"])
        if !isNamed {
            phrase.takeArticle()
            isNamed = phrase.take("command")
        }
        guard let command = phrase.takeSpan() else { return nil }
        if !isNamed { isNamed = phrase.take("command") }
        let context = isNamed ? CommandShape.Context.named : .claimed
        if phrase.take(oneOf: ["outputs", "prints"]) {
            let isExact = phrase.take("exactly")
            guard CommandShape.isCommand(command, as: context), let text = phrase.takeText() else { return nil }
            phrase.take(oneOf: ["to", "on"].flatMap { ["\($0) stdout", "\($0) standard output"] })
            return .outputs(command: command, text: text, isExact: isExact)
        }
        if phrase.take(oneOf: ["output contains", "output includes"]) {
            guard CommandShape.isCommand(command, as: context), let text = phrase.takeText() else { return nil }
            return .outputs(command: command, text: text, isExact: false)
        }
        if phrase.isNext("exits") || phrase.isNext("returns") {
            guard CommandShape.isCommand(command, as: .exits), let code = takeExitCode() else { return nil }
            return .succeeds(command: command, code: code)
        }
        if phrase.take(oneOf: ["passes", "succeeds", "works"]) {
            _ = phrase.takeHow()
        } else {
            guard phrase.take(oneOf: ["runs", "completes", "finishes"]), phrase.takeHow() else { return nil }
        }
        guard CommandShape.isCommand(command, as: context) else { return nil }
        return .succeeds(command: command, code: 0)
    }

    /// "exits 0", "exits with code 3", "returns exit code 0", "exits cleanly".
    private mutating func takeExitCode() -> Int? {
        let codes = ["code", "status"]
        let named = ["exit", "return"].flatMap { kind in codes.map { "\(kind) \($0)" } }
        if phrase.take("exits") {
            if phrase.takeHow() { return 0 }
            if phrase.take("with") { phrase.take(oneOf: named + codes) }
            return phrase.takeNumber()
        }
        guard phrase.take(oneOf: ["returns with", "returns"]), phrase.take(oneOf: named) else { return nil }
        return phrase.takeNumber()
    }

    /// "The output of `X` is "Y"".
    private mutating func readOutput() -> CriterionCheck? {
        phrase.takeArticle()
        guard phrase.take("output of"), let command = phrase.takeSpan() else { return nil }
        let isExact = phrase.take(oneOf: ["is exactly", "equals exactly", "is", "equals"])
        guard isExact || phrase.take(oneOf: ["contains", "includes"]) else { return nil }
        guard CommandShape.isCommand(command, as: .named), let text = phrase.takeText() else { return nil }
        return .outputs(command: command, text: text, isExact: isExact)
    }

    /// "Unit tests pass: `X`", "Build succeeds (`X`)", "Verify: `X`".
    private mutating func readSubject() -> CriterionCheck? {
        var command: String?
        if phrase.take(oneOf: ["verify", "verification", "check"]) {
            guard phrase.take(mark: Byte.colon) else { return nil }
            command = phrase.takeSpan()
        } else {
            let subjects = [
                "all", "the", "new", "existing", "unit", "integration", "e2e", "end-to-end", "tests", "test", "suite",
                "build", "linter", "linting", "lint", "typecheck", "type-check", "type", "checks", "check", "quality",
                "gates", "gate", "formatting", "format",
            ]
            var count = 0
            while count < 4, phrase.take(oneOf: subjects) { count += 1 }
            guard count > 0, phrase.take(oneOf: ["passes", "pass", "succeeds", "succeed"]) else { return nil }
            if phrase.take(mark: Byte.openParenthesis) {
                command = phrase.takeSpan()
                guard phrase.take(mark: Byte.closeParenthesis) else { return nil }
            } else {
                guard phrase.take(mark: Byte.colon) || phrase.take(oneOf: ["with", "via", "using"]) else { return nil }
                command = phrase.takeSpan()
            }
        }
        guard let command, CommandShape.isCommand(command, as: .claimed) else { return nil }
        return .succeeds(command: command, code: 0)
    }
}

extension PlanTask.Criterion {
    /// The criterion with its check, if it has one in a task with these files.
    func checked(files: [String]) -> PlanTask.Criterion {
        let check = CriterionGrammar.check(text, files: files)
        return PlanTask.Criterion(text: text, isChecked: isChecked, line: line, check: check)
    }
}
