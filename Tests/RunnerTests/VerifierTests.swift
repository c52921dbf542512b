import Foundation
import InMemoryTracing
import Plans
import Sandbox
import Synchronization
import Testing
import Tracing

@testable import Runner

@Suite("Checks, run for real on this machine", .timeLimit(.minutes(2)))
struct VerifierTests {
    private func verify(
        _ section: String,
        in place: HostPlace,
        timeLimit: Duration = .seconds(30),
        stops: AsyncStream<StopCause> = AsyncStream { _ in },
        tracer: InMemoryTracer = InMemoryTracer(),
        observe: @escaping @Sendable (CheckResult) async -> Void = { _ in }
    ) async throws -> Verification {
        let plan = Plan(parsing: Array(("# Plan\n\n## Task 1.1: T\n\n" + section).utf8), file: "plan.md")
        let verifier = PlanVerifier(
            sandbox: place.sandbox,
            tracer: tracer,
            clock: ContinuousClock(),
            timeLimit: timeLimit,
            mark: "test-\(UUID().uuidString)"
        )
        let task = try #require(plan.task("1.1"))
        return await verifier.verify(plan, task: task, stops: stops, observe: observe).verification
    }

    @Test("Commands of a block run one by one in one shell, and the first that fails ends the block")
    func block() async throws {
        let place = try HostPlace()
        let verification = try await verify(
            """
            **Verify:**
            ```bash
            # a comment
            mkdir -p sub && cd sub
            name=world
            echo "hello $name" | tee file
            cat <<END
            here
            END
            test -s missing
            rm -rf ../*
            ```

            ```bash
            test -f sub/file
            ```
            """,
            in: place
        )
        #expect(verification.verdict == .failed)
        #expect(
            verification.checks.map(\.outcome) == [.passed, .passed, .passed, .passed, .failed, .notRun, .passed]
        )
        #expect(verification.checks[2].output == "hello world")
        #expect(verification.checks[3].text == "cat <<END\nhere\nEND")
        #expect(verification.checks[4].explanation == "exit code 1")
        #expect(verification.checks[4].line == 14)
        #expect(verification.checks[5].text == "rm -rf ../*")
        #expect(FileManager.default.fileExists(atPath: place.workspace + "/sub/file"), "the rest was not run")
    }

    @Test("A command that does not end is ended at its limit, with all that it has started")
    func timeLimit() async throws {
        let place = try HostPlace()
        let verification = try await verify(
            """
            **Verify:**
            ```bash
            echo begun
            (trap '' TERM; setsid sleep 4242) & echo waiting; wait
            echo never
            ```
            """,
            in: place,
            timeLimit: .milliseconds(700)
        )
        #expect(verification.checks.map(\.outcome) == [.passed, .failed, .notRun])
        #expect(verification.checks[1].explanation?.hasPrefix("it did not end within 700ms") == true)
        #expect(verification.checks[1].output.hasPrefix("waiting"))
        let left = try await place.sandbox.capture(SandboxCommand(["sh", "-c", "pgrep -f 'sleep 424[2]' || true"]))
        #expect(left.output.isEmpty, "nothing of it runs on")
    }

    @Test(
        "Each kind of criterion passes and fails as it should",
        arguments: [
            ("File `a.txt` exists", CheckResult.Outcome.passed),
            ("File `b.txt` exists", .failed),
            ("File `b.txt` does not exist", .passed),
            ("File `a.txt` is deleted", .failed),
            ("`a.txt` contains `second line`", .passed),
            ("`a.txt` contains `third`", .failed),
            ("`gone.txt` contains `third`", .failed),
            ("Running `cat a.txt` outputs \"first line\"", .passed),
            ("Running `cat a.txt` outputs \"first\"", .passed),
            ("Running `cat a.txt` outputs \"irst\"", .failed),
            ("Running `cat a.txt >&2` outputs \"first line\"", .failed),
            ("Running `cat a.txt; exit 3` outputs \"first line\"", .failed),
            ("Running `no-such-program-here` outputs \"x\"", .failed),
            ("`test -f a.txt` passes", .passed),
            ("`test -f b.txt` passes", .failed),
            ("`test -f b.txt` exits with code 1", .passed),
        ]
    )
    func criterion(text: String, outcome: CheckResult.Outcome) async throws {
        let place = try HostPlace()
        try place.write("first line\nsecond line\n", to: "a.txt")
        let verification = try await verify("**Acceptance Criteria:**\n- [ ] \(text)\n", in: place)
        #expect(verification.checks.map(\.outcome) == [outcome], "\(verification.checks)")
        #expect((verification.checks.first?.explanation == nil) == (outcome == .passed))
        #expect(verification.unchecked.isEmpty)
    }

    @Test("What no machine can check is listed, and never counts as passed")
    func unchecked() async throws {
        let place = try HostPlace()
        let verification = try await verify("**Acceptance Criteria:**\n- [ ] It is beautiful\n", in: place)
        #expect(verification.verdict == .unchecked)
        #expect(verification.checks.isEmpty)
        #expect(verification.unchecked == [UncheckedCriterion(text: "It is beautiful", line: 6)])
    }

    @Test("A program that learns how the checks are told cannot forge an answer")
    func forgery() async throws {
        let place = try HostPlace()
        try place.write(
            "import os\nprint(open(f'/proc/{os.getppid()}/cmdline').read().count('orchestrator-'), flush=True)\nexit(1)\n",
            to: "spy.py"
        )
        let verification = try await verify("**Verify:**\n```bash\npython3 spy.py\n```\n", in: place)
        #expect(verification.checks.map(\.outcome) == [.failed])
        #expect(verification.checks.first?.output == "0", "the key stands on no command line")
    }

    @Test("A flood of output costs bounded memory, and its end is kept")
    func flood() async throws {
        let place = try HostPlace()
        let verification = try await verify(
            "**Verify:**\n```bash\nhead -c 50000000 /dev/zero | tr '\\\\0' x; echo; echo the end\n```\n",
            in: place
        )
        #expect(verification.checks.map(\.outcome) == [.passed])
        #expect(verification.checks.first?.output.hasSuffix("the end") == true)
        #expect((verification.checks.first?.output.utf8.count ?? 0) < CheckResult.outputLimit + 100)
    }

    @Test("A request to stop ends the check that runs, and the rest is not run")
    func stop() async throws {
        let place = try HostPlace()
        let (stops, stopper) = AsyncStream<StopCause>.makeStream()
        let verification = try await verify(
            "**Verify:**\n```bash\necho a\nsleep 3333\n```\n\n**Acceptance Criteria:**\n- [ ] `true` passes\n",
            in: place,
            stops: stops,
            observe: { check in if check.text == "echo a" { stopper.yield(.interrupted) } }
        )
        #expect(verification.checks.map(\.outcome) == [.passed, .notRun])
        #expect(verification.verdict == .passed, "what was seen stays seen")
    }

    @Test("Each check has a span with what it was and what came out")
    func spans() async throws {
        let place = try HostPlace()
        let tracer = InMemoryTracer()
        _ = try await verify("**Verify:**\n```bash\necho a\nfalse\n```\n", in: place, tracer: tracer)
        let root = try #require(tracer.finishedSpans.first { $0.operationName == "orchestrator.verify" })
        let checks = tracer.finishedSpans.filter { $0.operationName == "orchestrator.check command" }
        #expect(checks.count == 2)
        #expect(checks.allSatisfy { $0.parentSpanID == root.spanID })
        let failed = try #require(checks.last)
        #expect(failed.attributes.get("check.command") == "false")
        #expect(failed.attributes.get("check.passed") == SpanAttribute.bool(false))
        #expect(failed.attributes.get("process.exit.code") == 1)
        #expect(root.attributes.get("task.verdict") == "failed")
    }
}
