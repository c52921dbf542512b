import FoundationEssentials
import Glibc
import Testing

@testable import Sandbox

extension OneByOne {
    @Suite("Whose processes are stopped and whose are named", .timeLimit(.minutes(3)))
    struct StrangerTests {
        /// An hour before or after now: what begins in the test is younger or older without doubt.
        private let past = Date.now.addingTimeInterval(-3600)
        private let future = Date.now.addingTimeInterval(3600)

        @Test(
            "Attempts side by side: one that is stopped or lost takes nothing of the other, and does not name it",
            arguments: [TestPlace.docker, .bare]
        )
        func sideBySide(_ place: TestPlace) async throws {
            let (first, second) = (uniqueAttempt(), uniqueAttempt())
            let (firstTime, secondTime) = (uniqueSleepTime(), uniqueSleepTime())
            let script = Stubborn.orphanWithoutEnvironment.rawValue
            try await place.withSandbox { sandbox in
                let one = SandboxCommand.shell(script, firstTime, attempt: first, isSupervised: true)
                let other = SandboxCommand.shell(script, secondTime, attempt: second, isSupervised: true)
                try await sandbox.withRunning(other) { running in
                    try await eventually("the other's daemon") {
                        processes(withArgument: secondTime, named: "sleep").count == 3
                    }
                    let before = processes(withArgument: secondTime, named: "sleep")
                    try await sandbox.withRunning(one) { _ in
                        let report = await sandbox.stop(attempt: first, since: past, grace: .milliseconds(300))
                        #expect(report.isClean && report.unattributed.isEmpty, "\(report)")
                    }
                    try await sandbox.withRunning(one) { cancelled in
                        cancelled.cancel()
                        try await eventually("one to end") { processes(withArgument: firstTime).isEmpty }
                    }
                    #expect(processes(withArgument: secondTime, named: "sleep") == before)
                    #expect(await sandbox.stop(attempt: second, since: past, grace: .seconds(1)).isClean)
                    _ = try await running.value
                }
            }
            #expect(processes(withArgument: secondTime).isEmpty)
        }

        @Test("In a container a person's process is named if it is younger than the attempt, and left alone")
        func person() async throws {
            let (attempt, time) = (uniqueAttempt(), uniqueSleepTime())
            try await withContainer { container in
                let sandbox = DockerSandbox(container: container, environment: TestEnvironment.client)
                let script = "sh -c 'sleep $0 & wait' $0 & wait"
                #expect(
                    try await docker("exec", "--detach", container, "sh", "-c", script, time).result.termination.code
                        == 0
                )
                try await eventually("the process") { !processes(withArgument: time, named: "sleep").isEmpty }
                let report = await sandbox.stop(attempt: attempt, since: past, grace: .zero)
                #expect(report.unattributed.map(\.name).sorted() == ["sh", "sh", "sleep"], "\(report)")
                #expect(report.isClean && report.found.isEmpty)
                #expect(await sandbox.stop(attempt: attempt, since: future, grace: .zero) == StopReport())
                #expect(await sandbox.stop(attempt: attempt, since: nil, grace: .zero) == StopReport())
                #expect(processes(withArgument: time, named: "sleep").count == 1)
            }
        }

        @Test(
            "In a container its own program and what this program runs there are not named",
            arguments: [true, false]
        )
        func ownProgram(hasInit: Bool) async throws {
            try await withContainer(hasInit: hasInit) { container in
                let sandbox = DockerSandbox(container: container, environment: TestEnvironment.client)
                try await sandbox.withRunning(.shell("echo ready; sleep 60")) { running in
                    let report = await sandbox.stop(attempt: uniqueAttempt(), since: past, grace: .zero)
                    #expect(report == StopReport())
                    running.cancel()
                }
            }
        }

        @Test("What an unsupervised command daemonised without its environment is named, whatever its name is")
        func unattributed() async throws {
            let (attempt, time) = (uniqueAttempt(), uniqueSleepTime())
            try await withContainer { container in
                let sandbox = DockerSandbox(container: container, environment: TestEnvironment.client)
                let name = "a) R 1 (b"
                let script = "cp /bin/sleep '/tmp/\(name)'; (setsid env -i '/tmp/\(name)' $1 &); echo done"
                _ = try await sandbox.capture(.shell(script, time, attempt: attempt))
                try await eventually("the daemon") { !processes(withArgument: time, named: name).isEmpty }
                let report = await sandbox.stop(attempt: attempt, since: past, grace: .zero)
                #expect(report.isClean)
                #expect(report.unattributed.map(\.name) == [name], "\(report)")
                #expect(!processes(withArgument: time).isEmpty, "named, never killed")
            }
        }

        @Test("On the machine only the workspace's own processes are named")
        func workspaceOnly() async throws {
            let (attempt, time) = (uniqueAttempt(), uniqueSleepTime())
            try await withTemporaryDirectory { directory in
                try FileManager.default.createDirectory(atPath: directory + "/below", withIntermediateDirectories: true)
                let sandbox = BareSandbox(workspace: directory, environment: TestEnvironment.client)
                let script =
                    "(setsid env -i sleep $1 &); cd below; (setsid env -i sleep $1 &); cd /; (setsid env -i sleep $1 &); echo"
                _ = try await sandbox.capture(.shell(script, time, attempt: attempt))
                try await eventually("the daemons") { processes(withArgument: time, named: "sleep").count == 3 }
                let report = await sandbox.stop(attempt: attempt, since: past, grace: .zero)
                #expect(report.isClean && report.found.isEmpty)
                let daemons = processes(withArgument: time, named: "sleep")
                #expect(report.unattributed.map(\.name) == ["sleep", "sleep"], "\(report)")
                #expect(Set(daemons).isSuperset(of: report.unattributed.map(\.id)))
                #expect(await sandbox.stop(attempt: attempt, since: future, grace: .zero) == StopReport())
                for id in daemons { kill(id, SIGKILL) }
            }
        }

        @Test("Who forges the mark of a supervisor does not escape", arguments: [TestPlace.docker, .bare])
        func forgedMark(_ place: TestPlace) async throws {
            let (attempt, time) = (uniqueAttempt(), uniqueSleepTime())
            try await place.withSandbox { sandbox in
                let script = "(setsid env -i ORCHESTRATOR_SUPERVISES=\(attempt) sleep $1 &); echo ready"
                _ = try await sandbox.capture(.shell(script, time, attempt: attempt))
                try await eventually("the daemon") { !processes(withArgument: time, named: "sleep").isEmpty }
                let report = await sandbox.stop(attempt: attempt, since: nil, grace: .zero)
                #expect(report.isClean)
                #expect(report.killed.map(\.name) == ["sleep"], "\(report)")
                #expect(processes(withArgument: time).isEmpty)
            }
        }

        @Test(
            "A crowd of forks is ended",
            arguments: TestPlace.allCases,
            [
                "i=0; while [ $i -lt 150 ]; do (trap '' TERM; sleep $1; sleep $1) & i=$((i+1)); done; echo ready; wait"
            ]
        )
        func forks(_ place: TestPlace, _ script: String) async throws {
            let (attempt, time) = (uniqueAttempt(), uniqueSleepTime())
            try await place.withSandbox { sandbox in
                let command = SandboxCommand.shell(script, time, attempt: attempt, isSupervised: true)
                try await sandbox.withRunning(command) { running in
                    let report = await sandbox.stop(attempt: attempt, since: nil, grace: .milliseconds(200))
                    #expect(report.isClean, "\(report.remaining) \(report.failure ?? "")")
                    #expect(processes(withArgument: time).isEmpty)
                    _ = try await running.value
                }
            }
        }

        /// A program of which each process forks the next and ends at once, and which now and then makes the file `beat`.
        ///
        /// It ends when its workspace is removed.
        private static func chain(_ step: String) -> String {
            """
            touch go
            perl -MPOSIX -e '$SIG{TERM} = q(IGNORE); while (-e q(go)) { exit if fork; \(step); open F, q(>beat) if $n++ % 20 == 0 }'
            while [ ! -e beat ]; do sleep 0.02; done; echo ready; sleep 60
            """
        }

        /// Whether the file is made anew; then the chain is told to end.
        private func beats(in sandbox: any Sandbox) async throws -> Bool {
            let script = "rm -f beat; sleep 0.5; test -e beat; code=$?; rm -f go; exit $code"
            return try await sandbox.capture(.shell(script)).result.termination == .exited(0)
        }

        @Test(
            "An endless chain of forks, too short-lived to be seen, is ended by its group",
            arguments: TestPlace.allCases
        )
        func chain(_ place: TestPlace) async throws {
            let attempt = uniqueAttempt()
            try await place.withSandbox { sandbox in
                let command = SandboxCommand.shell(Self.chain("1"), attempt: attempt, isSupervised: true)
                try await sandbox.withRunning(command) { running in
                    let report = await sandbox.stop(attempt: attempt, since: nil, grace: .milliseconds(200))
                    #expect(report.isClean, "\(report)")
                    _ = try await running.value
                    #expect(try await !beats(in: sandbox))
                }
            }
        }

        @Test("One that leaves its group each time is never called ended while it runs", arguments: TestPlace.allCases)
        func runaway(_ place: TestPlace) async throws {
            let attempt = uniqueAttempt()
            try await place.withSandbox { sandbox in
                let command = SandboxCommand.shell(Self.chain("POSIX::setsid()"), attempt: attempt, isSupervised: true)
                try await sandbox.withRunning(command) { running in
                    let report = await sandbox.stop(attempt: attempt, since: nil, grace: .zero)
                    do {
                        _ = try await running.value
                    } catch let error as SandboxError where error.code == .connectionLost {
                        // The supervisor waits for the chain's end; the stop does not wait for that any longer, and kills it.
                    }
                    let runs = try await beats(in: sandbox)
                    #expect(!report.isClean || !runs, "\(report)")
                }
            }
        }
    }
}
