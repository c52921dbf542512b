import FoundationEssentials
import Glibc

@testable import Sandbox

/// Commands that start what is hard to end; each prints `ready` when its `sleep`s of `$1` seconds are about to be.
enum Stubborn: String, CaseIterable, Sendable {
    case obeying = "sleep $1 & echo ready; wait"
    case ignoring = "trap '' TERM; sleep $1 & echo ready; while :; do wait; done"
    case daemon = "setsid sleep $1 & echo ready; wait"
    case withoutEnvironment = "setsid env -i sleep $1 & echo ready; wait"
    case orphanWithoutEnvironment = "(setsid env -i sh -c 'sleep $0 & sleep $0' $1 &) ; echo ready; sleep $1"
    case orphanThatIgnores = """
        (setsid env -i sh -c 'trap "" TERM; : >deaf-$0; (sleep $0 &); while :; do sleep $0; done' $1 &)
        while [ ! -e deaf-$1 ]; do sleep 0.02; done; echo ready; sleep $1
        """

    var ignoresTermination: Bool { self == .ignoring || self == .orphanThatIgnores }
}

/// `Tests/SandboxProbe` as a process of its own that runs a supervised command.
enum Probe {
    static func process(
        _ place: TestPlace,
        _ sandbox: any Sandbox,
        attempt: String,
        _ script: String,
        _ argument: String
    ) throws -> HostProcess {
        let directory = (sandbox as? LocalSandbox)?.workspaceOnHost.dropLast("/workspace".count)
        let home = (sandbox as? DockerSandbox)?.container ?? directory.map(String.init) ?? sandbox.workspace
        return HostProcess(
            executable: try path(),
            arguments: [place.rawValue, home, attempt, script, argument],
            environment: TestEnvironment.client
        )
    }

    /// The built program, which lies beside the tests.
    private static func path() throws -> String {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return tests.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/SandboxProbe"
    }
}

/// Sends a signal to the one process of this machine that has an argument and a name.
///
/// A child of it that has been forked and has not executed its own program yet has the same ones, and is not meant.
func signal(_ number: Int32, toProcessNamed name: String, withArgument argument: String) throws {
    let found = processes(withArgument: argument, named: name)
    let parents = found.filter { id in parent(of: id).map { !found.contains($0) } ?? false }
    guard let id = parents.first, parents.count == 1 else { throw NotOne(name: name, found: found) }
    kill(id, number)
}

struct NotOne: Error {
    var name: String
    var found: [Int32]
}
