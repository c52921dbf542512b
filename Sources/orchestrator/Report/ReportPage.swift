import Foundation
import Journal
import Plans
import Runner

/// A run as one page of HTML that needs nothing but itself.
///
/// A policy in its head lets a browser load nothing, and run no script but ours (Content Security Policy Level 3).
struct ReportPage: Sendable {
    /// The page.
    let html: String
    /// How many secrets were replaced.
    let redacted: Int

    init(_ run: RunRecord, _ traces: [AttemptTrace], known: KnownSecrets, madeAt: Date) {
        var writer = HTMLWriter(known: known)
        let title = run.attempts.first.map { "Task \($0.record.taskID): \($0.record.taskTitle)" } ?? run.runID
        writer.markup("<!DOCTYPE html>\n<html lang=\"en\">")
        writer.element("head") { head in
            head.markup("<meta charset=\"utf-8\">")
            head.open("meta", ["http-equiv": "Content-Security-Policy", "content": Self.policy])
            head.markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            head.markup(
                "<meta name=\"color-scheme\" content=\"light dark\"><meta name=\"referrer\" content=\"no-referrer\">"
            )
            head.element("title", text: title + " · orchestrator")
            head.markup("<style>\(ReportStyle.css)</style>")
        }
        writer.element("body") { body in
            body.element("header", ["class": "top"]) { $0.head(of: run, title: title) }
            body.element("main") { main in
                for trace in traces.reversed() { main.attempt(trace, isOnly: traces.count == 1) }
            }
            body.element("footer") { footer in
                footer.text("Made by orchestrator \(Orchestrator.version) at \(madeAt.inISO8601). ")
                footer.text("Secrets that could be told as such are replaced by \(Redactor.mark).")
            }
            body.markup("<script>\(ReportScript.javaScript)</script>")
        }
        writer.markup("</html>\n")
        html = writer.html
        redacted = writer.redactions.values.reduce(0, +)
    }

    private static let policy =
        "default-src 'none'; style-src '\(source(of: ReportStyle.css))'; "
        + "script-src '\(source(of: ReportScript.javaScript))'; base-uri 'none'; form-action 'none'"

    /// A text as a policy names it: by its hash.
    private static func source(of text: String) -> String {
        let hex = Array(SHA256.hexDigest(of: Array(text.utf8)))
        let bytes = stride(from: 0, to: hex.count, by: 2).compactMap { UInt8(String(hex[$0...$0 + 1]), radix: 16) }
        return "sha256-" + Data(bytes).base64EncodedString()
    }
}

extension HTMLWriter {
    fileprivate mutating func head(of run: RunRecord, title: String) {
        guard let last = run.attempts.last, let first = run.attempts.first?.record else { return }
        element("p", ["class": "over"]) { $0.text("orchestrator · run \(run.runID)") }
        element("h1", text: title)
        status(last)
        facts([
            ("Plan", first.planPath ?? first.planFile), ("Milestone", first.milestoneID),
            ("Sandbox", [first.sandbox, first.container].compactMap(\.self).joined(separator: " ")),
            ("Workspace", first.workspace),
            ("Agent", [first.agent, first.agentVersion].compactMap(\.self).joined(separator: " ")),
            ("Program", first.programVersion),
        ])
    }

    /// The status as a coloured word, with its cause.
    mutating func status(_ attempt: RunRecord.Attempt) {
        element("p", ["class": "status"]) { line in
            let sign = ["completed": "✔", "failed": "✘", "needs_human": "?"][attempt.status] ?? "…"
            line.element("span", ["class": "badge \(Self.tone(of: attempt.status))"]) {
                $0.text("\(sign) \(attempt.status.replacing("_", with: " "))")
            }
            let words = attempt.record.end.flatMap { Cause(rawValue: $0.cause)?.row.words }
            line.text(" " + (words ?? attempt.record.end?.cause ?? "no end is recorded"))
        }
    }

    static func tone(of status: String) -> String {
        switch status {
        case "completed", "passed", "ok": "good"
        case "failed": "bad"
        default: "open"
        }
    }

    /// Writes what is known of these things as a list of terms.
    mutating func facts(_ facts: [(name: String, text: String?)]) {
        element("dl", ["class": "facts"]) { list in
            for (name, text) in facts {
                guard let text, !text.isEmpty else { continue }
                list.element("div") {
                    $0.element("dt", text: name)
                    $0.element("dd", text: text)
                }
            }
        }
    }

    /// Writes a section with its heading; nothing if there is nothing to say.
    mutating func section(_ title: String, id: String, if isThere: Bool = true, _ body: (inout HTMLWriter) -> Void) {
        guard isThere else { return }
        element("section", ["aria-labelledby": id]) {
            $0.element("h3", ["id": id], text: title)
            body(&$0)
        }
    }

    fileprivate mutating func attempt(_ trace: AttemptTrace, isOnly: Bool) {
        let attempt = trace.attempt
        let record = attempt.record
        let key = "a\(record.number)"
        element("article", ["aria-labelledby": key]) { page in
            page.element("h2", ["id": key]) { $0.text(isOnly ? "Attempt" : "Attempt \(record.number)") }
            if !isOnly { page.status(attempt) }
            let tree = trace.recording.map(TraceTree.init)
            page.figures(of: attempt, tree)
            page.outcome(of: attempt, key)
            page.checks(attempt.verification, key)
            page.waterfall(trace, tree, key)
            page.usage(of: attempt, key)
            page.tools(in: tree, key)
            page.changes(attempt.changes, key)
            page.section("The agent's last words", id: key + "-words", if: record.end?.output.isEmpty == false) {
                $0.element("pre", ["class": "words"], text: record.end?.output ?? "")
            }
            page.facts([
                ("Session", record.end?.sessionID ?? record.sessionID), ("Trace", trace.traceID),
                ("Stream", record.stream), ("Spans", trace.recording == nil ? nil : trace.file),
            ])
        }
    }
}
