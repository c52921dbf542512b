import Testing

@testable import Plans

@Suite("Criteria that a machine can check")
struct CriterionCheckTests {
    @Test(
        "Paths that must exist",
        arguments: [
            ("File `hello.py` exists in workspace root", "hello.py"), ("File `hello.py` exists", "hello.py"),
            ("file `hello.py` EXISTS.", "hello.py"),
            ("The file `hello.py` exists at the root of the repository", "hello.py"),
            ("`src/app/main.py` exists", "src/app/main.py"), ("`README.md` exists", "README.md"),
            ("`Makefile` exists in the project root", "Makefile"), ("`.gitignore` exists", ".gitignore"),
            ("`docs/a.md` created", "docs/a.md"), ("`docs/a.md` is created (new file)", "docs/a.md"),
            ("**File `a.txt` exists**", "a.txt"), ("**`a.txt`** exists", "a.txt"), ("File hello.py exists", "hello.py"),
            ("Directory `src` exists", "src/"), ("`tests/unit/` directory exists", "tests/unit/"),
            ("`config/app` exists", "config/app"), ("`greeting` exists", "greeting"),
            ("New file `greeting-2` has been created", "greeting-2"),
            ("`/etc/app/app.conf` exists", "/etc/app/app.conf"),
            ("Test file `Tests/A/B.swift` is present", "Tests/A/B.swift"), ("`` a.md `` exists", "a.md"),
            ("Script `bin/run` exists", "bin/run"), ("File `/srv/data` exists", "/srv/data"),
        ]
    )
    func exists(text: String, path: String) {
        #expect(CriterionGrammar.check(text, files: ["greeting"]) == .exists(paths: [path]))
    }

    @Test(
        "Paths that must not exist",
        arguments: [
            ("File `old.py` does not exist", "old.py"), ("`old.py` doesn’t exist anymore", "old.py"),
            ("`src/old.py` is removed", "src/old.py"), ("`src/old.py` file has been deleted.", "src/old.py"),
            ("`templates/agents/` folder deleted", "templates/agents/"), ("`a/b.c` no longer exists", "a/b.c"),
            ("`a.txt` does not exist in the workspace", "a.txt"),
        ]
    )
    func absent(text: String, path: String) {
        #expect(CriterionGrammar.check(text, files: []) == .isAbsent(path: path))
    }

    @Test(
        "Outputs",
        arguments: [
            (#"Running `python hello.py` outputs "Hello, World!""#, "python hello.py", "Hello, World!", false),
            ("`python hello.py` prints “Hello”.", "python hello.py", "Hello", false),
            ("Running `hello` outputs `42`", "hello", "42", false),
            (#"`./run.sh` outputs exactly "ok" to stdout"#, "./run.sh", "ok", true),
            (#"The command `orchestrator health` prints the text "status""#, "orchestrator health", "status", false),
            (#"`orchestrator health` command outputs `"status"`"#, "orchestrator health", "\"status\"", false),
            (#"The output of `date +%Y` is "2025""#, "date +%Y", "2025", true),
            (#"The output of `cat a.txt` contains "x""#, "cat a.txt", "x", false),
            (#"`wc -l a.txt` output contains "3""#, "wc -l a.txt", "3", false),
            (#"**Running** `echo "a  b"` **outputs** `a  b`"#, #"echo "a  b""#, "a  b", false),
        ]
    )
    func outputs(text: String, command: String, output: String, isExact: Bool) {
        let check = CriterionGrammar.check(text, files: [])
        #expect(check == .outputs(command: command, text: output, isExact: isExact))
    }

    @Test(
        "Commands that must end well, or with a code",
        arguments: [
            ("`uv run orchestrator --help` works", "uv run orchestrator --help", 0),
            ("`make quality` passes", "make quality", 0), ("`make` succeeds", "make", 0),
            ("`pytest` passes.", "pytest", 0),
            ("`npm run build` passes (no compile errors)", "npm run build", 0),
            ("Running `swift test` passes without errors", "swift test", 0),
            ("`go test ./...` passes", "go test ./...", 0), ("`./check.sh` works", "./check.sh", 0),
            ("`orchestrator health` exits 0", "orchestrator health", 0), ("`nc` exits with code 0", "nc", 0),
            ("`app` exits with code 3", "app", 3),
            ("Command `mvn clean install` exits with exit code 0", "mvn clean install", 0),
            ("`app --bad` returns exit code 64", "app --bad", 64), ("`false` exits with status 1", "false", 1),
            ("`PYTHONPATH=. python -m app` runs without errors", "PYTHONPATH=. python -m app", 0),
            ("`tool --version` completes successfully", "tool --version", 0), ("`cat a/b.txt` works", "cat a/b.txt", 0),
            ("`test -f hello.py` passes", "test -f hello.py", 0),
            ("`docker compose up -d` works", "docker compose up -d", 0),
            ("Unit tests pass: `uv run pytest orchestrator/tests/`", "uv run pytest orchestrator/tests/", 0),
            ("Quality gates pass: `make quality`", "make quality", 0), ("All tests pass (`npm test`)", "npm test", 0),
            ("Build succeeds with `cargo build`", "cargo build", 0),
            ("Verify: `npx tsc --noEmit`", "npx tsc --noEmit", 0),
            ("`grep -q \"a b\" x.txt && make` passes", "grep -q \"a b\" x.txt && make", 0),
            ("`npm start` exits cleanly", "npm start", 0),
            ("`python3.12 -c 'import app'` works", "python3.12 -c 'import app'", 0),
            ("The `orchestrator health` command works", "orchestrator health", 0),
        ]
    )
    func succeeds(text: String, command: String, code: Int) {
        #expect(CriterionGrammar.check(text, files: []) == .succeeds(command: command, code: code))
    }

    @Test(
        "Texts in files",
        arguments: [
            ("`a.py` contains `def main`", "a.py", "def main"), (#"File `notes` contains "x y""#, "notes", "x y"),
            (#"`src/a.swift` contains the text "let a""#, "src/a.swift", "let a"),
            ("`greeting` contains “Hello”", "greeting", "Hello"),
            ("`package.json` contains `\"three\"`", "package.json", "\"three\""),
            ("`index.html` contains `if a <b`", "index.html", "if a <b"),
        ]
    )
    func contains(text: String, path: String, content: String) {
        #expect(CriterionGrammar.check(text, files: ["greeting"]) == .contains(path: path, text: content))
    }

    @Test(
        "A file that is not named is that of the task, or all of them",
        arguments: ["File exists", "The files exist.", "All files exist"]
    )
    func files(text: String) {
        #expect(CriterionGrammar.check(text, files: ["a.py", "b/c"]) == .exists(paths: ["a.py", "b/c"]))
        #expect(CriterionGrammar.check(text, files: []) == nil)
        #expect(CriterionGrammar.check(text, files: ["a.py", "tests/*.py"]) == nil)
    }

    @Test("The check of a criterion knows the files of its task")
    func task() {
        let text =
            "**File:** `greeting`\n\n**Acceptance Criteria:**\n- [ ] File exists\n- [x] `greeting` contains `a`\n- [ ] Nice\n"
        let checks = plan("## Task 1: A\n\(text)").tasks.first?.criteria.map(\.check)
        #expect(checks == [.exists(paths: ["greeting"]), .contains(path: "greeting", text: "a"), nil])
    }
}
