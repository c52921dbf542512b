import Foundation
import Testing

@Suite("A run as one page of HTML, in a real browser", .timeLimit(.minutes(4)))
struct ReportTests {
    private func place(_ environment: [String: String] = [:]) throws -> Place {
        try Place(collector: try ClosedPort.shared.url, environment: environment)
    }

    /// Runs a recording and writes its report.
    private func report(_ recording: String, in place: Place, _ more: [String] = []) async throws -> String {
        _ = try await place.replay(recording)
        let end = try await place.run(["report", "--output", "report.html"] + more)
        #expect(end.code == 0, "\(end.errors)")
        return place.directory + "/report.html"
    }

    @Test("The page has all parts, loads nothing, keeps its policy, and needs no script")
    func page() async throws {
        let place = try place()
        let file = try await report("hello_world", in: place)
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let html = try String(contentsOfFile: file, encoding: .utf8)
        #expect(!html.contains(#/<[a-z][^>]*\s(src|href|action|srcset|poster)\s*=/#), "it names something to load")
        #expect(!html.contains("url(") && !html.contains("@import") && !html.contains("unsafe"))
        for text in [
            "Task 1.1: Create hello.py", "completed", "The agent claims", "Checks: 2 passed", "Trace: ",
            "orchestrator.check outputs", "Cost and tokens", "claude-opus-5-5", "Changed: 1 file added", "hello.py",
            "last words", "A replay", "default-src 'none'",
        ] {
            #expect(html.contains(text) || html.contains(text.replacing("'", with: "&#39;")), "\(text)")
        }
        let page = try await Browser(in: place).open(file)
        #expect(!page.log.contains("Content Security Policy"), "\(page.log)")
        #expect(!page.log.contains("Uncaught"), "\(page.log)")
        #expect(page.dom.contains("role=\"treegrid\""))
        #expect(page.dom.contains("class=\"js\""))
    }

    /// The spans of a tree in JSON, each after its parent.
    private func flattened(_ spans: [JSON], level: Int) -> [(name: String?, level: Int)] {
        spans.flatMap { [($0["name"].string, level)] + flattened($0["children"].array, level: level + 1) }
    }

    @Test("Keys walk, fold and zoom, the mouse selects, and what is read aloud says so")
    func keys() async throws {
        let place = try place()
        let file = try await report("hello_world", in: place)
        let answer = try await Browser(in: place).ask(
            file,
            """
            const rows = [...page.querySelectorAll(".waterfall tbody tr")], box = page.querySelector(".trace");
            const name = () => page.activeElement.querySelector(".name").textContent;
            const range = () => [Number(box.dataset.from), Number(box.dataset.to)];
            const whole = range()[1], told = page.querySelector(".range");
            const width = row => parseFloat(row.querySelector("rect").getAttribute("width"));
            const answer = {names: rows.map(row => row.querySelector(".name").textContent), hidden: page.querySelector("div.tools").hidden, tabs: rows.filter(r => r.tabIndex === 0).length};
            answer.levels = rows.map(r => Number(r.getAttribute("aria-level")));
            rows[0].focus(); press("ArrowDown"); answer.second = name();
            press("End"); answer.last = name(); press("ArrowLeft"); answer.parent = name();
            press("ArrowLeft"); answer.folded = rows.filter(r => r.hidden).length;
            answer.expanded = page.activeElement.getAttribute("aria-expanded");
            press("ArrowRight"); answer.unfolded = rows.filter(r => r.hidden).length;
            press("Enter"); answer.zoomed = width(page.activeElement); answer.told = told.textContent;
            answer.within = range()[0] >= 0 && range()[1] <= whole && range()[1] - range()[0] < whole;
            press("0"); answer.reset = Math.round((range()[1] - range()[0]) / whole * 1e6) / 1e6; answer.silent = told.textContent === "";
            press("+"); answer.half = Math.round((range()[1] - range()[0]) / whole * 1e6) / 1e6;
            press("]"); press("]"); press("]"); press("]"); answer.right = Math.abs(range()[1] / whole - 1) < 1e-9; press("Escape");
            press(" "); answer.details = page.activeElement.querySelector("details").open;
            page.querySelector("[data-do=fold]").click(); answer.all = rows.filter(r => !r.hidden).length;
            page.querySelector("[data-do=unfold]").click();
            const cell = rows[0].querySelector("td.time"), area = cell.getBoundingClientRect();
            const point = (type, part, target) => target.dispatchEvent(new page.defaultView.PointerEvent(type,
              {clientX: area.left + area.width * part, clientY: area.top + 5, bubbles: true, cancelable: true}));
            point("pointerdown", .25, cell); point("pointermove", .5, page); point("pointerup", .75, page);
            answer.dragged = range().map(at => Math.round(at / whole * 100));
            answer.wide = page.documentElement.scrollWidth <= page.documentElement.clientWidth;
            return answer;
            """
        )
        #expect(answer["error"] == .null, "\(answer)")
        let tree = try await place.run(["trace", "--json"]).json["attempts"].array.first?["spans"].array ?? []
        let spans = flattened(tree, level: 1)
        #expect(answer["names"].array.map(\.string) == spans.map(\.name), "\(answer)")
        #expect(answer["levels"].array.map(\.number) == spans.map { Double($0.level) })
        #expect(answer["hidden"] == false && answer["tabs"] == 1)
        #expect(answer["second"] == "orchestrator.plan" && answer["last"] == "orchestrator.check outputs")
        #expect(answer["parent"] == "orchestrator.verify")
        #expect(answer["folded"] == 2 && answer["expanded"] == "false" && answer["unfolded"] == 0)
        #expect(answer["zoomed"].number.map { $0 > 80 && $0 <= 100 } == true && answer["within"] == true, "\(answer)")
        #expect(answer["told"].string?.contains(" to ") == true)
        #expect(answer["reset"] == 1 && answer["silent"] == true, "\(answer)")
        #expect(answer["half"] == .number(0.5) && answer["right"] == true, "\(answer)")
        #expect(answer["details"] == true, "\(answer)")
        #expect(answer["all"].number.map(Int.init) == spans.count { $0.level <= 2 }, "\(answer)")
        #expect(answer["dragged"] == .array([25, 75]), "\(answer)")
        #expect(answer["wide"] == true)
    }

    @Test("What an agent, a plan and a span say is text and nothing else, and secrets are gone")
    func hostile() async throws {
        let secret = "hunter2-\(UUID().uuidString)"
        let place = try place(["MY_API_KEY": secret])
        let attack =
            #"</pre></script><script>document.title='owned'</script><img src=x onerror=document.title='owned'>"#
        let recording = try String(
            contentsOfFile: "\(Equipment.root)/TestPlans/recordings/failed.jsonl",
            encoding: .utf8
        )
        let words = attack.replacing("\"", with: "\\\"") + " key \(secret) sk-ant-api03-abcdefghijklmnop \\u001b[2J "
        #expect(recording.contains("does not exist"))
        let agent = try place.write(
            recording.replacing("does not exist", with: words + "does not exist"),
            to: "failed.jsonl"
        )
        let plan = try place.write("# M \(attack)\n\n## Task 1.1: T \(attack)\n\nDo it.\n", to: "plan.md")
        let run = try await place.run([
            "task", plan, "1.1", "--sandbox", "local", "--workspace", place.workspace, "--agent", "replay:" + agent,
        ])
        #expect(run.code == 1)
        let id = try #require(run.runID)
        let span = """
            {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0123456789abcdef0123456789abcdef",\
            "spanId":"00000000000000b1","name":"\(attack)","startTimeUnixNano":"5","endTimeUnixNano":"9","attributes":[\
            {"key":"\(attack)","value":{"stringValue":"\(attack)"}},\
            {"key":"client_secret","value":{"stringValue":"open sesame"}}]}]}]}]}

            """
        try place.write(span, to: "state/runs/\(id)/trace.jsonl")
        let end = try await place.run(["report", id, "-o", "report.html", "--json"])
        #expect(end.code == 0, "\(end.errors)")
        #expect(try end.json["redactions"].number ?? 0 >= 1)
        let html = try String(contentsOfFile: place.directory + "/report.html", encoding: .utf8)
        #expect(!html.contains(secret) && !html.contains("sk-ant-api03-abc") && !html.contains("open sesame"))
        #expect(html.contains("[redacted]"))
        #expect(!html.contains("\u{1B}"))
        let page = try await Browser(in: place).open(place.directory + "/report.html")
        #expect(!page.log.contains("Content Security Policy"), "something tried to run: \(page.log)")
        let answer = try await Browser(in: place).ask(
            place.directory + "/report.html",
            """
            return {title: page.title, images: page.images.length, scripts: page.scripts.length,
              name: page.querySelector(".waterfall .name").textContent, handlers: page.querySelectorAll("[onerror]").length};
            """
        )
        #expect(answer["title"].string?.hasPrefix("Task 1.1: T </pre>") == true, "\(answer)")
        #expect(answer["images"] == 0 && answer["scripts"] == 1 && answer["handlers"] == 0, "\(answer)")
        #expect(answer["name"] == .string(attack))
    }

    @Test("A file that is there stays unless --force says otherwise, and nothing else is left behind")
    func output() async throws {
        let place = try place()
        _ = try await report("hello_world", in: place)
        let file = place.directory + "/report.html"
        try place.write("mine", to: "report.html")
        let refused = try await place.run(["report", "-o", "report.html"])
        #expect(refused.code == 64 && refused.errors.contains("report.html is there already"))
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
        let forced = try await place.run(["report", "-o", "report.html", "--force", "--json"])
        let json = try forced.json
        #expect(json["path"] == "report.html" && json["redactions"] == 0)
        #expect(json["bytes"].number.map(Int.init) == (try Data(contentsOf: URL(filePath: file))).count)
        for wrong in ["nowhere/report.html", "workspace"] {
            let end = try await place.run(["report", "-o", wrong])
            #expect(end.code == 64 && end.errors.contains("The report \(wrong) cannot be written"), "\(end.errors)")
        }
        let id = try #require(json["run_id"].string)
        #expect(try await place.run(["report", "latest"]).code == 0)
        let names = try FileManager.default.contentsOfDirectory(atPath: place.directory)
        #expect(names.contains("orchestrator-report-\(id).html"))
        #expect(!names.contains { $0.hasPrefix(".orchestrator") })
    }
}
