import Testing

@testable import Sandbox

@Suite("What every sandbox promises of stopping", .timeLimit(.minutes(2)))
struct StopTests {
    @Test("A command that is told to stop may clean up", arguments: TestPlace.allCases)
    func grace(_ place: TestPlace) async throws {
        let attempt = uniqueAttempt()
        let time = uniqueSleepTime()
        try await place.withSandbox { sandbox in
            let script = "trap 'echo cleaned up; exit 3' TERM; echo ready; sleep \"$1\" & wait"
            try await sandbox.withRunning(.shell(script, time, attempt: attempt)) { running in
                let report = await sandbox.stop(attempt: attempt, since: nil, grace: .seconds(5))
                #expect(report.isClean)
                #expect(report.found.map(\.name).sorted() == ["sh", "sleep"])
                #expect(report.killed.isEmpty)
                let ended = try await running.value
                #expect(ended.text == "ready\ncleaned up\n")
                #expect(ended.result.termination.code == 3)
            }
        }
        #expect(processes(withArgument: time).isEmpty)
    }

    /// Each prints `ready` when its process, a `sleep` of `$1` seconds, is there or about to be.
    static let stubborn: [(name: String, script: String)] = [
        ("a child that ignores SIGTERM", "trap '' TERM; sleep $1 & echo ready; wait"),
        ("a daemon in a session of its own", "setsid sleep $1 & echo ready; wait"),
        ("a daemon by a double fork", "(setsid sh -c 'trap \"\" TERM; sleep $0 & wait' $1 &) ; echo ready; sleep $1"),
        ("a child without the mark", "env -i sleep $1 & echo ready; wait"),
        ("a stopped child", "sleep $1 & kill -STOP $!; echo ready; wait"),
        (
            "a child that starts another when it is told to end",
            "sh -c 'trap \"setsid sleep $0 & exit\" TERM; sleep $0 & wait' $1 & echo ready; wait"
        ),
    ]

    @Test("Nothing remains", arguments: TestPlace.allCases, stubborn.indices)
    func nothingRemains(_ place: TestPlace, _ index: Int) async throws {
        let attempt = uniqueAttempt()
        let time = uniqueSleepTime()
        try await place.withSandbox { sandbox in
            let command = SandboxCommand.shell(Self.stubborn[index].script, time, attempt: attempt)
            try await sandbox.withRunning(command) { running in
                let report = await sandbox.stop(attempt: attempt, since: nil, grace: .milliseconds(300))
                #expect(report.isClean, "\(Self.stubborn[index].name): \(report)")
                #expect(!report.found.isEmpty)
                #expect(processes(withArgument: time).isEmpty, "\(Self.stubborn[index].name)")
                // It has ended by itself, with whatever code: a shell whose child ended first may even have told 0.
                _ = try await running.value
            }
        }
    }

    @Test("Who ignores SIGTERM is killed, and the report says so", arguments: TestPlace.allCases)
    func killed(_ place: TestPlace) async throws {
        let attempt = uniqueAttempt()
        try await place.withSandbox { sandbox in
            let script = "trap '' TERM; echo ready; while :; do sleep 0.05; done"
            try await sandbox.withRunning(.shell(script, attempt: attempt)) { _ in
                let report = await sandbox.stop(attempt: attempt, since: nil, grace: .zero)
                #expect(report.isClean)
                #expect(report.killed.contains { $0.name == "sh" })
                #expect(Set(report.found).isSuperset(of: report.killed))
            }
        }
    }

    @Test("Of two attempts side by side only the one that is named is stopped", arguments: TestPlace.allCases)
    func onlyTheNamed(_ place: TestPlace) async throws {
        let attempt = uniqueAttempt()
        let (first, second) = (uniqueSleepTime(), uniqueSleepTime())
        try await place.withSandbox { sandbox in
            let script = "sleep $1 & echo ready; wait"
            // The second's id begins like the first's: an entry has to match whole.
            try await sandbox.withRunning(.shell(script, second, attempt: attempt + "0")) { other in
                try await sandbox.withRunning(.shell(script, first, attempt: attempt)) { _ in
                    let report = await sandbox.stop(attempt: attempt, since: nil, grace: .seconds(1))
                    #expect(report.isClean)
                    #expect(report.found.count == 2)
                    #expect(processes(withArgument: first).isEmpty)
                    #expect(!processes(withArgument: second).isEmpty)
                }
                #expect(await sandbox.stop(attempt: attempt + "0", since: nil, grace: .seconds(1)).isClean)
                _ = try await other.value
            }
        }
        #expect(processes(withArgument: second).isEmpty)
    }

    @Test("Where nothing runs there is nothing to stop", arguments: TestPlace.allCases)
    func nothingThere(_ place: TestPlace) async throws {
        try await place.withSandbox { sandbox in
            #expect(await sandbox.stop(attempt: uniqueAttempt(), since: nil, grace: .seconds(5)) == StopReport())
            #expect(await sandbox.stop(attempt: "", since: nil, grace: .zero).failure != nil)
        }
    }

    @Test("A cancelled command throws, and what it left is then stopped", arguments: TestPlace.allCases)
    func cancellation(_ place: TestPlace) async throws {
        let attempt = uniqueAttempt()
        let time = uniqueSleepTime()
        try await place.withSandbox { sandbox in
            let command = SandboxCommand.shell("setsid sleep $1 & echo ready; wait", time, attempt: attempt)
            try await sandbox.withRunning(command) { running in
                running.cancel()
                await #expect(throws: CancellationError.self) { try await running.value }
                // From a task that has been cancelled itself, as after a Ctrl-C.
                let report = await Task {
                    unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                    return await sandbox.stop(attempt: attempt, since: nil, grace: .seconds(1))
                }.value
                #expect(report.isClean)
            }
        }
        #expect(processes(withArgument: time).isEmpty)
    }

    @Test("A background child that keeps the output open holds nobody up", arguments: TestPlace.allCases)
    func backgroundChild(_ place: TestPlace) async throws {
        let attempt = uniqueAttempt()
        let time = uniqueSleepTime()
        try await place.withSandbox { sandbox in
            let captured = try await sandbox.capture(.shell("sleep $1 & echo hi", time, attempt: attempt))
            #expect(captured.text == "hi\n")
            #expect(captured.result.termination == .exited(0))
            // In a namespace of its own, nothing outlives the command, so only the others show that nobody waited.
            if sandbox.kind != .local { #expect(!processes(withArgument: time).isEmpty) }
            #expect(await sandbox.stop(attempt: attempt, since: nil, grace: .seconds(1)).isClean)
        }
        #expect(processes(withArgument: time).isEmpty)
    }

    @Test("A background child that writes for ever holds nobody up", arguments: TestPlace.allCases)
    func backgroundWriter(_ place: TestPlace) async throws {
        let attempt = uniqueAttempt()
        try await place.withSandbox { sandbox in
            let result = try await sandbox.run(.shell("yes & echo hi", attempt: attempt)) { _ in await Task.yield() }
            #expect(result.termination == .exited(0))
            #expect(await sandbox.stop(attempt: attempt, since: nil, grace: .seconds(1)).isClean)
        }
    }
}
