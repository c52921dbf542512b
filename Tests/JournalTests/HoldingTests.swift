import Foundation
import Glibc
import Journal
import Testing

@Suite("Who has a stream holds its attempt")
struct HoldingTests {
    private let state = StateDirectory()

    @Test("A stream is held until it is closed, and whoever looks disturbs nobody")
    func held() throws {
        let path = StreamFile.path(directory: state.path, runID: "r1", attemptNumber: 1)
        #expect(!StreamFile.isHeld(path), "it is not there yet")
        #expect(!FileManager.default.fileExists(atPath: path))
        let stream = try StreamFile(directory: state.path, runID: "r1")
        #expect(stream.path == path)
        #expect(StreamFile.isHeld(path) && StreamFile.isHeld(path))
        #expect(try StreamFile.adopt(path) == nil)
        try stream.append([0x41])
        #expect(StreamFile.isHeld(path), "a look does not take the lock away")
        try stream.close()
        #expect(!StreamFile.isHeld(path))
    }

    @Test("A stream that is let go without being closed is free as well")
    func letGo() throws {
        var stream: StreamFile? = try StreamFile(directory: state.path, runID: "r1")
        let path = try #require(stream?.path)
        stream = nil
        #expect(!StreamFile.isHeld(path))
    }

    @Test("Of two who adopt, one does; what the runner wrote stays, and what is added follows it")
    func adopt() throws {
        let stream = try StreamFile(directory: state.path, runID: "r1", attemptNumber: 2)
        #expect(stream.path.hasSuffix("/runs/r1/stream-2.jsonl"))
        try stream.append([0x41])
        try stream.close()
        let first = try #require(try StreamFile.adopt(stream.path))
        #expect(try StreamFile.adopt(stream.path) == nil)
        try first.append([0x42])
        try first.close()
        #expect(try Data(contentsOf: URL(fileURLWithPath: stream.path)) == Data([0x41, 0x42]))
        #expect(try StreamFile.adopt(stream.path) != nil)
    }

    @Test("A stream that is gone can be adopted, so that its attempt can be closed by one alone")
    func gone() throws {
        let path = StreamFile.path(directory: state.path, runID: "r1", attemptNumber: 1)
        let adopted = try #require(try StreamFile.adopt(path))
        #expect(StreamFile.isHeld(path))
        #expect(try StreamFile.adopt(path) == nil)
        try adopted.close()
    }

    @Test("A stream of a runner that was killed before its first word is taken over; others are refused by name")
    func takenOver() throws {
        try StreamFile(directory: state.path, runID: "r1", attemptNumber: 2).close()
        let stream = try StreamFile(directory: state.path, runID: "r1", attemptNumber: 2)
        let held = #expect(throws: JournalError.self) {
            try StreamFile(directory: state.path, runID: "r1", attemptNumber: 2)
        }
        #expect(held?.code == .isHeld && held?.description.contains(stream.path) == true)
        try stream.append([0x41])
        try stream.close()
        let written = #expect(throws: JournalError.self) {
            try StreamFile(directory: state.path, runID: "r1", attemptNumber: 2)
        }
        #expect(written?.code == .isWritten)
        #expect(!StreamFile.isHeld(stream.path), "who was refused holds nothing")
    }

    @Test("Another process is seen, and its death")
    func otherProcess() async throws {
        let output = state.path + "-output"
        defer { try? FileManager.default.removeItem(atPath: output) }
        let probe = try Probe(["hold", state.path, "/plan"], output: output)
        while try !String(contentsOfFile: output, encoding: .utf8).contains("begun") {
            try await Task.sleep(for: .milliseconds(5))
        }
        let journal = try Journal(directory: state.path)
        let attempt = try #require(try await journal.openAttempts().first)
        #expect(journal.isAlive(attempt))
        #expect(try StreamFile.adopt(attempt.stream) == nil)
        let conflict = AttemptConflict(reason: .taskIsRunning, other: attempt)
        await #expect(throws: conflict) { try await journal.begin(.at("r2.1", plan: "/plan")) }
        probe.kill()
        #expect(!journal.isAlive(attempt))
        try await journal.begin(.at("r2.1", plan: "/plan"))
    }

    @Test("A child that lives on does not keep its parent's attempt alive")
    func children() throws {
        let stream = try StreamFile(directory: state.path, runID: "r1")
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/bin/sleep")
        child.arguments = ["1000"]
        try child.run()
        defer { kill(child.processIdentifier, SIGKILL) }
        try stream.close()
        #expect(!StreamFile.isHeld(stream.path))
    }
}
