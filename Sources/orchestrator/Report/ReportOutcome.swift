import Agents
import Journal
import OTLPWire
import Runner

extension HTMLWriter {
    /// The figures of an attempt, each on a card.
    mutating func figures(of attempt: RunRecord.Attempt, _ tree: TraceTree?) {
        let end = attempt.record.end
        let about = attempt.record.end?.isCostEstimated ?? true ? "about " : ""
        let tools = tree?.rows.filter { $0.span.name.hasPrefix("execute_tool ") } ?? []
        let requests = tree.map { $0.rows.reduce(0) { $0 + $1.span.events.count { $0.name == "api_retry" } } }
        let cards: [(name: String, value: String?)] = [
            ("Time", end.map { SpanTime.text(nanoseconds: UInt64(max(0, $0.milliseconds)) * 1_000_000) }),
            ("Cost", attempt.costUSD.map { "\(about)$\($0.asMoney)" } ?? "unknown"),
            ("Tokens", Self.grouped(attempt.total.totalTokens)), ("Turns", end.map { Self.grouped($0.turns) }),
            ("Tool calls", tools.isEmpty ? nil : Self.grouped(tools.count)),
            ("Tool errors", tools.isEmpty ? nil : Self.grouped(tools.count { $0.span.isError })),
            ("Retried requests", requests.map(Self.grouped)), ("Agent restarts", end.map { Self.grouped($0.retries) }),
        ]
        element("ul", ["class": "cards"]) { list in
            for (name, value) in cards {
                guard let value else { continue }
                list.element("li") {
                    $0.element("span", text: name)
                    $0.element("strong", text: value)
                }
            }
        }
        if attempt.record.isReplayed {
            element("p", ["class": "note"], text: "A replay: its tokens and its cost were spent when it was recorded.")
        }
    }

    /// Claim against verdict, what went wrong, and what a person is asked.
    mutating func outcome(of attempt: RunRecord.Attempt, _ key: String) {
        let record = attempt.record
        section("Outcome", id: key + "-outcome") { section in
            section.facts([
                ("The agent claims", record.end.map { $0.claim ?? "nothing" }), ("Our checks say", record.end?.verdict),
                ("Cause", record.end?.cause), ("Exit code", record.end.map { "\($0.exitCode)" }),
                ("Started", record.startedAt.inISO8601), ("Ended", record.end?.at.inISO8601),
                ("Continues", record.continues), ("Can go on at", record.end?.resumeAt?.inISO8601),
            ])
            for (name, text) in [
                ("Error", record.end?.error), ("Advice", record.end?.advice), ("Answer", record.answer),
                ("Question", record.end?.question), ("Recommended", record.end?.recommendation),
            ] {
                guard let text, !text.isEmpty else { continue }
                section.element("div", ["class": "said \(name == "Error" ? "bad" : "")"]) {
                    $0.element("strong", text: name)
                    $0.element("pre", text: text)
                }
            }
            if let options = record.end?.options, !options.isEmpty {
                section.element("ul") { list in
                    for (place, option) in options.enumerated() {
                        list.element("li", text: "\(OptionLetter.of(place))) \(option)")
                    }
                }
            }
            for note in record.end?.notes ?? [] { section.element("p", ["class": "note"], text: note) }
        }
    }

    /// Each check with what came out.
    mutating func checks(_ verification: Verification?, _ key: String) {
        guard let verification else { return }
        let isThere = !verification.checks.isEmpty || !verification.unchecked.isEmpty
        section("Checks: \(Console.summary(of: verification))", id: key + "-checks", if: isThere) { section in
            section.table(["Result", "Check", "Time"], class: "checks") { table in
                for check in verification.checks { table.row(of: check) }
                for criterion in verification.unchecked {
                    table.element("tr") {
                        $0.element("td") { $0.element("span", ["class": "badge open"], text: "– not checkable") }
                        $0.element("td", text: "\(criterion.text) (line \(criterion.line))")
                        $0.element("td", text: "")
                    }
                }
            }
        }
    }

    private mutating func row(of check: CheckResult) {
        let (sign, word, tone) =
            switch check.outcome {
            case .passed: ("✔", "passed", "good")
            case .failed: ("✘", "failed", "bad")
            case .notRun: ("–", "not run", "open")
            }
        element("tr") { row in
            row.element("td") { $0.element("span", ["class": "badge \(tone)"], text: "\(sign) \(word)") }
            row.element("td") { cell in
                cell.text(check.text)
                if let explanation = check.explanation { cell.element("p", ["class": "note"], text: explanation) }
                guard !check.output.isEmpty || check.command != nil else { return }
                if check.outcome == .failed {
                    cell.markup("<details open>")
                } else {
                    cell.markup("<details>")
                }
                cell.element("summary", text: "What was run, and what came out")
                if let command = check.command { cell.element("pre", ["class": "command"], text: "$ " + command) }
                cell.element("pre", text: check.output.isEmpty ? "(no output)" : check.output)
                cell.markup("</details>")
            }
            row.element("td", ["class": "number"]) {
                $0.text(SpanTime.text(nanoseconds: UInt64(max(0, check.seconds) * 1e9)))
            }
        }
    }

    /// What changed in the workspace.
    mutating func changes(_ changes: WorkspaceChanges?, _ key: String) {
        guard let changes else { return }
        section("Changed: \(changes.summary)", id: key + "-changes") { section in
            guard !changes.files.isEmpty else { return }
            section.table(["File", "Change", "Added", "Deleted"], class: "changes") { table in
                for file in changes.files {
                    table.element("tr") {
                        $0.element("td") { $0.element("code", text: file.path) }
                        $0.element("td", text: file.change.rawValue)
                        $0.element("td", ["class": "number plus"], text: Self.lines(file.addedLines, "+"))
                        $0.element("td", ["class": "number minus"], text: Self.lines(file.deletedLines, "−"))
                    }
                }
            }
            if changes.isCut { section.element("p", ["class": "note"], text: "There are more files than are listed.") }
        }
    }

    private static func lines(_ count: Int?, _ sign: String) -> String {
        count.map { $0 == 0 ? "" : sign + grouped($0) } ?? ""
    }

    /// A table with its heads; the figures are in cells of the class `number`.
    mutating func table(_ heads: [String], class name: String, _ rows: (inout HTMLWriter) -> Void) {
        element("div", ["class": "scroll"]) {
            $0.element("table", ["class": name]) { table in
                table.element("thead") { head in
                    head.element("tr") { row in
                        for text in heads { row.element("th", ["scope": "col"], text: text) }
                    }
                }
                table.element("tbody") { rows(&$0) }
            }
        }
    }

    /// A whole number with thin spaces between thousands.
    static func grouped(_ number: Int) -> String {
        let digits = Array(String(number.magnitude))
        let groups = digits.indices.map { index in
            let isBoundary = index > 0 && (digits.count - index).isMultiple(of: 3)
            return (isBoundary ? "\u{202F}" : "") + String(digits[index])
        }
        return (number < 0 ? "−" : "") + groups.joined()
    }
}
