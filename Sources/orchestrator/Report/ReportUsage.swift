import Agents
import Journal
import OTLPWire
import Runner

extension HTMLWriter {
    /// Tokens by model and kind, and what they cost.
    mutating func usage(of attempt: RunRecord.Attempt, _ key: String) {
        let used = attempt.usage.map(\.modelUsage)
        section("Cost and tokens", id: key + "-usage", if: !used.isEmpty) { section in
            let heads = ["Model", "Input", "Output", "Cache read", "Cache written", "All", "Cost"]
            section.table(heads, class: "usage") { table in
                for model in used { table.row(of: model, name: model.model, isTotal: false) }
                if used.count > 1 { table.row(of: used.total, name: "Together", isTotal: true) }
            }
            let total = attempt.total
            section.shares([
                ("Input", "input", total.inputTokens), ("Output", "output", total.outputTokens),
                ("Cache read", "read", total.cacheReadTokens), ("Cache written", "written", total.cacheCreationTokens),
            ])
            if attempt.record.end?.isCostEstimated ?? true {
                section.element("p", ["class": "note"], text: "The cost, or a part of it, is an estimate.")
            }
        }
    }

    private mutating func row(of usage: ModelUsage, name: String, isTotal: Bool) {
        let tokens = [
            usage.inputTokens, usage.outputTokens, usage.cacheReadTokens, usage.cacheCreationTokens, usage.totalTokens,
        ]
        element("tr", ["class": isTotal ? "total" : ""]) { row in
            row.element("th", ["scope": "row"], text: name)
            for number in tokens { row.element("td", ["class": "number"], text: Self.grouped(number)) }
            row.element("td", ["class": "number"], text: "$" + Console.decimal(max(0, usage.costUSD), places: 4))
        }
    }

    /// One bar of several parts, with a legend that says the same in words.
    private mutating func shares(_ parts: [(name: String, style: String, count: Int)]) {
        let total = parts.reduce(0) { $0 + $1.count }
        guard total > 0 else { return }
        open("svg", ["class": "shares", "width": "100%", "height": "14", "aria-hidden": "true"])
        var start = 0.0
        for part in parts where part.count > 0 {
            let share = Double(part.count) / Double(total) * 100
            element(
                "rect",
                [
                    "class": "share-\(part.style)", "x": Self.percent(start), "width": Self.percent(share),
                    "height": "14",
                ]
            ) { _ in }
            start += share
        }
        markup("</svg>")
        element("ul", ["class": "legend"]) { legend in
            for part in parts where part.count > 0 {
                legend.element("li") {
                    $0.element("span", ["class": "key share-\(part.style)", "aria-hidden": "true"]) { _ in }
                    let share = Double(part.count) / Double(total) * 100
                    $0.text("\(part.name) \(Console.decimal(share, places: 1)) %")
                }
            }
        }
    }

    /// The tools that were called: how often, how long, and how it ended.
    mutating func tools(in tree: TraceTree?, _ key: String) {
        var tools: [String: (calls: Int, errors: Int, denied: Int, length: UInt64, longest: UInt64)] = [:]
        for span in tree?.rows.map(\.span) ?? [] where span.name.hasPrefix("execute_tool ") {
            let name = span.text("gen_ai.tool.name") ?? String(span.name.dropFirst("execute_tool ".count))
            var tool = tools[name] ?? (0, 0, 0, 0, 0)
            tool.calls += 1
            tool.denied += span.events.contains { $0.name.contains("denied") || $0.name.contains("denial") } ? 1 : 0
            tool.errors += span.isError ? 1 : 0
            tool.length += span.length
            tool.longest = max(tool.longest, span.length)
            tools[name] = tool
        }
        section("Tool calls", id: key + "-tools", if: !tools.isEmpty) { section in
            section.table(["Tool", "Calls", "Errors", "Denied", "Time", "Longest"], class: "tools") { table in
                for (name, tool) in tools.sorted(by: { ($1.value.calls, $0.key) < ($0.value.calls, $1.key) }) {
                    table.element("tr") { row in
                        row.element("th", ["scope": "row"], text: name)
                        for number in [tool.calls, tool.errors, tool.denied] {
                            row.element("td", ["class": "number"], text: Self.grouped(number))
                        }
                        for length in [tool.length, tool.longest] {
                            row.element("td", ["class": "number"], text: SpanTime.text(nanoseconds: length))
                        }
                    }
                }
            }
        }
    }

    /// A share in percent, as SVG takes it.
    static func percent(_ share: Double) -> String { Console.decimal(max(0, share), places: 4) + "%" }
}
