import Foundation
import Journal
import Testing

@Suite("A run by what the user calls it")
struct LookupTests {
    private let state = StateDirectory()

    private func journal(_ ids: [String]) async throws -> Journal {
        let journal = try Journal(directory: state.path)
        for (index, id) in ids.enumerated() {
            var attempt = AttemptRecord.at(id)
            attempt.startedAt += TimeInterval(index)
            try await journal.begin(attempt)
        }
        return journal
    }

    private static let ids = [
        "20251122-083000-00ab1c.1", "20251122-091000-1ff00d.1", "20251122-091000-1ff00d.2", "20251123-091000-2ff00d.1",
    ]

    @Test(
        "By id, beginning, end, latest, or one attempt alone",
        arguments: [
            ("20251122-083000-00ab1c", [0]), ("20251122-083000-00ab1c.1", [0]), ("20251122-08", [0]),
            ("ab1c", [0]), ("00ab1c", [0]), ("1ff00d", [1, 2]), ("1ff00d.2", [2]), ("20251122-09.1", [1]),
            ("latest", [3]), ("latest.1", [3]), ("20251123", [3]),
        ]
    )
    func found(_ text: String, _ expected: [Int]) async throws {
        let journal = try await journal(Self.ids)
        #expect(try await journal.run(matching: text).map(\.id) == expected.map { Self.ids[$0] })
    }

    @Test(
        "What names no run or several is refused with what there is",
        arguments: [
            ("ff00d", "ff00d may be 20251123-091000-2ff00d, 20251122-091000-1ff00d. Write more of the id."),
            (
                "2025",
                "2025 may be 20251123-091000-2ff00d, 20251122-091000-1ff00d, 20251122-083000-00ab1c. Write more of the id."
            ),
            (
                "b1c",
                "There is no run b1c. The newest are 20251123-091000-2ff00d, 20251122-091000-1ff00d, "
                    + "20251122-083000-00ab1c; orchestrator runs lists all."
            ),
            ("1ff00d.3", "Run 20251122-091000-1ff00d has no attempt 3; its last one is 20251122-091000-1ff00d.2."),
            (
                "%",
                "There is no run %. The newest are 20251123-091000-2ff00d, 20251122-091000-1ff00d, "
                    + "20251122-083000-00ab1c; orchestrator runs lists all."
            ),
        ]
    )
    func refused(_ text: String, _ message: String) async throws {
        let journal = try await journal(Self.ids)
        let error = await #expect(throws: RunLookupError.self) { try await journal.run(matching: text) }
        #expect(error?.description == message)
    }

    @Test("An empty journal says so", arguments: ["latest", "", "x", "x.1", "latest.1"])
    func empty(_ text: String) async throws {
        let journal = try await journal([])
        await #expect(throws: RunLookupError.noRuns) { try await journal.run(matching: text) }
    }

    @Test("Of many that are meant the newest are told")
    func many() async throws {
        let journal = try await journal((1...9).map { "run-\($0).1" })
        await #expect(
            throws: RunLookupError.ambiguous("run-", candidates: (5...9).reversed().map { "run-\($0)" }, hasMore: true)
        ) {
            try await journal.run(matching: "run-")
        }
    }
}
