import Foundation

/// Debian's Chromium, without a window.
struct Browser {
    /// A page after its scripts have run.
    struct Page {
        var dom: String
        /// What the browser complained of.
        var log: String
    }

    private let place: Place

    init(in place: Place) { self.place = place }

    /// Opens a file and gives its tree when all is quiet.
    func open(_ path: String, _ more: [String] = []) async throws -> Page {
        let browser = try Program(
            Equipment.chromium,
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--user-data-dir=\(place.directory)/browser", "--enable-logging=stderr", "--virtual-time-budget=5000",
                "--window-size=1200,900", "--dump-dom",
            ] + more + ["file://" + path],
            environment: place.environment,
            directory: place.directory,
            files: place.directory
        )
        let end = try await browser.end(within: .seconds(120))
        return Page(dom: end.output, log: end.errors)
    }

    /// Opens a file inside of a page of ours, runs a script against it, and gives what the script returns, as JSON.
    ///
    /// The script is the body of a function of `page`, the document, and `press`, which sends a key to what has the focus.
    func ask(_ path: String, _ script: String) async throws -> JSON {
        let wrapper = """
            <!DOCTYPE html><iframe width="1100" height="800" src="file://\(path)"></iframe><pre id="answer"></pre><script>
            document.querySelector("iframe").addEventListener("load", event => {
              const page = event.target.contentDocument, view = event.target.contentWindow;
              const press = key => page.activeElement.dispatchEvent(
                new view.KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
              let answer;
              try { answer = (() => { \(script) })(); } catch (error) { answer = {error: String(error)}; }
              document.querySelector("#answer").textContent = 
                btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(answer))));
            });
            </script>
            """
        let file = try place.write(wrapper, to: "wrapper-\(UUID().uuidString).html")
        // Files are strangers to each other, and may not look into each other, unless one says so.
        let page = try await open(
            file,
            ["--disable-web-security", "--disable-site-isolation-trials", "--allow-file-access-from-files"]
        )
        guard let answer = page.dom.firstMatch(of: #/id="answer">([A-Za-z0-9+\/=]+)</#),
            let data = Data(base64Encoded: String(answer.1))
        else { throw Equipment.Missing(description: "no answer from the page: \(page.dom.prefix(2000)) \(page.log)") }
        return try JSON(data)
    }
}
