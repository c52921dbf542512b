import OTLPWire

extension HTMLWriter {
    /// How many spans a page shows: a browser stays quick with so many rows.
    static let shownSpans = 5_000

    /// The trace as a table with bars: without a script as it is, with one to be zoomed and folded, by mouse and keys.
    mutating func waterfall(_ trace: AttemptTrace, _ tree: TraceTree?, _ key: String) {
        guard let tree, !tree.rows.isEmpty else {
            section("Trace", id: key + "-trace") {
                $0.element("p", ["class": "note"], text: "No span of this attempt is kept.")
            }
            return
        }
        let errors = tree.errors == 0 ? "" : ", \(Console.counted(tree.errors, "error"))"
        let title = "Trace: \(Console.counted(tree.rows.count, "span"))\(errors)"
        section(title, id: key + "-trace") { section in
            section.tools(key)
            section.element("div", ["class": "scroll trace", "data-length": Self.milliseconds(tree.length)]) { scroll in
                scroll.element("table", ["class": "waterfall", "aria-labelledby": key + "-trace"]) { table in
                    table.scale(of: tree)
                    table.element("tbody") { body in
                        for row in tree.rows.prefix(Self.shownSpans) { body.span(row, in: tree) }
                    }
                }
            }
            section.legend()
            section.notes(on: tree, trace)
        }
    }

    /// What only works with a script is hidden without one.
    private mutating func tools(_ key: String) {
        element("div", ["class": "tools", "role": "toolbar", "aria-label": "Zoom", "hidden": ""]) { bar in
            for (action, label, words) in [
                ("in", "+", "Zoom in"), ("out", "−", "Zoom out"), ("left", "←", "Earlier"), ("right", "→", "Later"),
                ("reset", "All", "Show all"), ("fold", "Fold", "Fold all"), ("unfold", "Unfold", "Unfold all"),
            ] {
                bar.element(
                    "button",
                    ["type": "button", "data-do": action, "aria-label": words, "title": words],
                    text: label
                )
            }
            bar.element("span", ["class": "range", "role": "status", "aria-live": "polite"]) { _ in }
        }
        element("p", ["class": "note keys", "hidden": ""]) { note in
            note.text("Drag over the bars to zoom. Keys in the table: ")
            for (key, words) in [
                ("↑ ↓", "go"), ("→ ←", "unfold, fold"), ("Enter", "zoom to the span"), ("+ −", "zoom"),
                ("0", "show all"),
                ("Space", "details"),
            ] {
                note.element("kbd", text: key)
                note.text(" \(words)  ")
            }
        }
    }

    private mutating func scale(of tree: TraceTree) {
        element("thead") { head in
            head.element("tr") { row in
                row.element("th", ["scope": "col"], text: "Span")
                row.element("th", ["scope": "col"], text: "Start")
                row.element("th", ["scope": "col"], text: "Time")
                row.element("th", ["scope": "col", "class": "time"]) { cell in
                    cell.element("span", ["class": "visually-hidden"], text: "Timeline")
                    cell.element("div", ["class": "scale", "aria-hidden": "true"]) { scale in
                        for quarter in 0...4 {
                            let time = UInt64(Double(tree.length) / 4 * Double(quarter))
                            scale.element("span", text: quarter == 0 ? "0" : SpanTime.text(nanoseconds: time))
                        }
                    }
                }
            }
        }
    }

    private mutating func span(_ row: TraceTree.Row, in tree: TraceTree) {
        let span = row.span
        let offset = span.startTime - tree.start
        element(
            "tr",
            [
                "class": span.isError ? "error" : "", "data-depth": "\(row.depth)",
                "data-below": "\(row.descendants)", "data-start": Self.milliseconds(offset),
                "data-end": Self.milliseconds(offset + span.length),
            ]
        ) { line in
            line.element("th", ["scope": "row", "class": "depth-\(min(row.depth, 24))"]) { cell in
                if row.descendants > 0 {
                    cell.element("span", ["class": "fold", "aria-hidden": "true"], text: "▾")
                }
                cell.details(of: row, from: tree.start)
            }
            line.element("td", ["class": "number"], text: offset == 0 ? "0" : "+" + SpanTime.text(nanoseconds: offset))
            line.element("td", ["class": "number"], text: SpanTime.text(nanoseconds: span.length))
            line.element("td", ["class": "time"]) { $0.bar(of: span, in: tree) }
        }
    }

    /// The bar, and a dot for each event; the cells beside it say the same in words.
    private mutating func bar(of span: SpanRecord, in tree: TraceTree) {
        let whole = Double(max(tree.length, 1)) / 100
        open("svg", ["width": "100%", "height": "16", "aria-hidden": "true", "focusable": "false"])
        element(
            "rect",
            [
                "class": span.isError ? "bad" : Self.kind(of: span.name), "y": "3", "height": "10", "rx": "2",
                "x": Self.percent(Double(span.startTime - tree.start) / whole),
                "width": Self.percent(Double(span.length) / whole),
            ]
        ) { _ in }
        for event in span.events.prefix(100) where event.time >= tree.start && event.time <= tree.end {
            element(
                "circle",
                [
                    "cy": "8", "r": "3", "cx": Self.percent(Double(event.time - tree.start) / whole),
                    "data-at": Self.milliseconds(event.time - tree.start),
                ]
            ) { _ in }
        }
        markup("</svg>")
    }

    /// The name, under which lies all that the span carries.
    private mutating func details(of row: TraceTree.Row, from start: UInt64) {
        let span = row.span
        element("details") { details in
            details.element("summary") { summary in
                summary.element("span", ["class": "name"], text: span.name)
                if let word = span.errorWord { summary.element("span", ["class": "badge bad"], text: "✘ \(word)") }
                if row.isOrphan { summary.element("span", ["class": "badge open"], text: Self.origin(of: row)) }
                let events = span.events.count
                if events > 0 { summary.element("span", ["class": "events"], text: Console.counted(events, "event")) }
            }
            details.element("dl", ["class": "attributes"]) { list in
                if !span.status.message.isEmpty { list.term("status", span.status.message) }
                list.term("span", "\(span.spanID) · \(span.kind)")
                for attribute in span.attributes { list.term(attribute.key, attribute.value.words) }
            }
            for event in span.events.prefix(100) {
                let time = event.time >= start ? "+" + SpanTime.text(nanoseconds: event.time - start) : ""
                details.element("p", ["class": "event"], text: "◆ \(event.name) \(time)")
                guard !event.attributes.isEmpty else { continue }
                details.element("dl", ["class": "attributes"]) { list in
                    for attribute in event.attributes { list.term(attribute.key, attribute.value.words) }
                }
            }
        }
    }

    private mutating func term(_ name: String, _ value: String) {
        element("div") {
            $0.element("dt", text: name)
            $0.element("dd") { $0.text(value, named: name) }
        }
    }

    private static func origin(of row: TraceTree.Row) -> String {
        row.span.hasRemoteParent ? "↗ joined from outside" : "↖ parent not recorded"
    }

    private mutating func legend() {
        element("ul", ["class": "legend"]) { legend in
            for (kind, words) in [
                ("chat", "model"), ("tool", "tool"), ("agent", "agent"), ("check", "checks"), ("other", "other"),
                ("bad", "failed"),
            ] {
                legend.element("li") {
                    $0.element("span", ["class": "key \(kind)", "aria-hidden": "true"]) { _ in }
                    $0.text(words)
                }
            }
        }
    }

    private mutating func notes(on tree: TraceTree, _ trace: AttemptTrace) {
        var notes: [String] = []
        if tree.rows.count > Self.shownSpans {
            notes.append("The first \(Self.shownSpans) spans are shown; orchestrator trace shows all.")
        }
        if trace.recording?.isCut == true { notes.append("The record's last line has no end and is left out.") }
        if let lines = trace.recording?.brokenLines, lines > 0 {
            notes.append(
                "\(Console.counted(lines, "line")) of the record could not be read and \(lines == 1 ? "is" : "are") left out."
            )
        }
        for note in notes { element("p", ["class": "note"], text: note) }
    }

    private static func kind(of name: String) -> String {
        switch name.prefix(while: { $0 != " " }) {
        case "chat": "chat"
        case "execute_tool": "tool"
        case "invoke_agent": "agent"
        case "orchestrator.verify", "orchestrator.check": "check"
        default: "other"
        }
    }

    /// Milliseconds with three digits after the point, for the script.
    private static func milliseconds(_ nanoseconds: UInt64) -> String {
        Console.decimal(Double(nanoseconds) / 1e6, places: 3)
    }
}
