import Testing

@testable import Plans

@Suite("Criteria that a machine cannot check for certain")
struct UncheckableCriterionTests {
    private func expectNone(_ text: String) {
        #expect(CriterionGrammar.check(text, files: ["a.py"]) == nil, "\(text)")
    }

    @Test(
        "Negations, conditions, conjunctions and restrictions",
        arguments: [
            "`a.py` does not contain `x`", "`a.py` contains no `x`", "`a.py` contains `x` and `y`",
            "`make test` fails", "`make test` no longer passes", "`make test` does not pass",
            "`make a` passes and `make b` passes", "`make a` and `make b` pass", "`make test` passes if Docker runs",
            "`make test` passes unless offline", "When `a.py` is missing, `make test` passes",
            "After `make build`, `b.txt` exists", "`make test` should pass", "`b.txt` should exist",
            "`b.txt` exists and is not empty", "`b.txt` exists in `src/`", "`b.txt` exists after `make`",
            "`b.txt` exists on macOS", "`b.txt` exists (only on macOS)", "`make test` passes (except slow tests)",
            "`make test` passes on CI", "Running `make` a second time works", "`make test` passes in under 10 s",
            "`make test` works as before", "Not: `b.txt` exists", "No tests pass: `make test`",
            "`make` prints nothing", #"`make` does not output "x""#, #"`make` outputs "x" and exits 0"#,
            #"`make` outputs "x" or "y""#, #"`make` outputs "x" to stderr"#, #"`make` outputs valid JSON"#,
            "`make` exits with a non-zero code", "`make` exits nonzero", "`make` exits with code 256", "`make` exits",
            "Exactly one of `a.json` and `a.txt` exists", "`a.json` or `a.txt` exists", "~~`b.txt` exists~~",
            "`b.txt` is removed from the index", "`b.txt` exists; `c.txt` exists", "`b.txt` exists?",
            "`b.txt` exists...", "1 | `b.txt` exists", "TODO: `b.txt` exists",
        ]
    )
    func restricted(text: String) { expectNone(text) }

    @Test(
        "Code spans that are no commands",
        arguments: [
            "`get_health()` works", "`health.get()` returns exit code 0", "`orchestrator.task` works",
            "`dark mode` works", "`Foo bar` works", "`GET /health` works", "`/feature plan` works", "`/api/x` works",
            "`from app import main` works", "`import app` works", "`x = 1` works", "`a is None` passes",
            "`int | str` works", "`print(a, b)` works", "`SELECT 1` works", "`let a = ./b.js` works",
            "`test_login` passes", "`tests/test_a.py` passes", "`hello.py` works", "`user input/output` works",
            #"Running `hello.py` outputs "x""#, #"`render` outputs "x""#, "`sort order` works", "`go back` works",
            "`orchestrator task <plan> <id>` works", "`orchestrator task PLAN ID` works", "`curl x/{id}` works",
            "`make […]` works", "`make …` passes", "`npm run ...` works", "`git log [options]` works",
            "`npm start` works", "`npm run dev` runs without errors", "`uvicorn app:app` works",
            "`docker compose up` works",
            "`python 'a` works", "Tests pass: `test_login`", "Tests pass (`LoginTests`)", "`` `make` `` works",
            "`cat path/to/file.txt` works", "`` ` works", "`make works",
        ]
    )
    func noCommand(text: String) { expectNone(text) }

    @Test(
        "Code spans that are no paths",
        arguments: [
            "`orchestrator.task` span exists", "`orchestrator.task` exists", "`User` exists", "`User` class exists",
            "`/health` exists", "`origin/main` exists", "`feature/a` exists", "`application/json` exists",
            "`@scope/pkg` exists", "`github.com/a/b` exists", "`https://x.org/a.md` exists", "`Node.js` exists",
            "`console.log` does not exist", "`src/*.py` exists", "File `<name>.md` exists", "File `docs/….md` exists",
            "File `notes/YYYY-MM-DD.md` exists", "`orchestrator health` command exists", "`a b.txt` exists",
            "`src/foo.py:42` exists", "`--flag` exists", "File `-rf` exists", "`get()` exists", "Table `users` exists",
            "`src//a.py` exists", "hello.py exists", "The file format exists", "File upload exists",
            "`lint` script exists",
            "Script `run` exists", "Directory listing exists", "File src/*.py exists", "`.active` exists",
            "`~/.x.md` exists",
        ]
    )
    func noPath(text: String) { expectNone(text) }

    @Test(
        "Texts that are not certain",
        arguments: [
            "`a.py` contains `validate()`", "`a.py` contains `def f(...)`", "`a.py` contains `Foo` class",
            "`a.py` contains \"a\\nb\"", "`a.py` contains \"\"", "`a.py` contains exactly \"x\"", "`a.py` contains x",
            "`src` contains `a.py`", "`src/` contains `a.py`", "`src/app` contains `a.py`",
            "Directory `src` contains `a.py`",
            "`a.py` contains at least 3 tests", "`a.py` contains 'x'", "`make` outputs \"<version>\"",
            "`make` outputs \"Loading…\"", "`make` outputs \"`x`\"", "`make` outputs “x\"", "`a.py` contains “x",
            "`User` contains `name`", "`make` outputs the version", "Outputs \"x\"", "Prints \"Hello, World!\"",
        ]
    )
    func noText(text: String) { expectNone(text) }

    @Test("A long criterion is prose, and no criterion takes long")
    func long() {
        for unit in ["`", "``a", "\"", "*", "**a** ", "“", "(", "the ", "all ", "`a` ", "."] {
            let text = String(repeating: unit, count: 1_000)
            #expect(CriterionGrammar.check(text, files: []) == nil)
            #expect(CriterionGrammar.check(String(text.prefix(900)), files: []) == nil)
        }
        let path = String(repeating: "a", count: 280) + "/b.md"
        #expect(CriterionGrammar.check("File `\(path)` exists", files: []) == .exists(paths: [path]))
        #expect(CriterionGrammar.check("File `a/\(path)a/\(path)` exists", files: []) == nil)
    }
}
