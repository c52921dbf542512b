import Testing

@testable import Plans

/// SplitMix64, so that every run sees the same plans.
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

@Suite("Plans that nobody wrote")
struct FuzzTests {
    private static let pieces = [
        "```", "```bash\n", "~~~", "\n", "\r\n", "\r", "## Task 1.1: A\n", "### 1.1: B\n", "- [ ] ", "- [x]",
        "**File:** `",
        "**Acceptance Criteria:**\n", "**Depends on:** Task ", "<!--", "-->", "---\n", "    ", "\t", "|", "**", "[",
        "](", "`",
        "\u{FEFF}", "# ", "#", "\0", "é", "—", "**Task 2: X**\n", "## E2E Test\n", "1.", "A.",
        "**Verify:** ", "### E2E Test\n", "- `make test`\n", "$ a \\\n", "# a\n", "File `a.py` exists", " outputs \"",
        "`make` passes",
        "contains `",
    ].map { Array($0.utf8) }

    private static func mutate(_ bytes: inout [UInt8], with random: inout Seeded) {
        for _ in 0..<Int.random(in: 1...30, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0...200, using: &random)))
            case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            case 2: bytes.removeSubrange(place..<bytes.count)
            default: bytes.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: place)
            }
            if bytes.count < 40 { bytes += pieces.randomElement(using: &random) ?? [] }
        }
    }

    private func check(_ bytes: [UInt8]) {
        let plan = Plan(parsing: bytes, file: "a.md")
        let source = SourceText(bytes)
        let text = Array(source.string(source.bytes.indices).utf8)
        let lines = 1...max(source.lineCount, 1)
        #expect(plan.complaints.allSatisfy { lines.contains($0.line) && !$0.message.isEmpty })
        #expect(zip(plan.complaints, plan.complaints.dropFirst()).allSatisfy { $0.line <= $1.line })
        #expect(zip(plan.tasks, plan.tasks.dropFirst()).allSatisfy { $0.line < $1.line })
        #expect(plan.endToEnd.allSatisfy { lines.contains($0.line) && !$0.text.isEmpty })
        #expect(plan.contentHash.utf8.count == 64)
        let commandLines = (plan.endToEnd + plan.tasks.flatMap(\.verification)).map(\.line)
        #expect(Set(commandLines).count == commandLines.count)
        #expect(plan.isRunnable || !plan.complaints.isEmpty)
        for task in plan.tasks {
            #expect(lines.contains(task.line) && !task.id.isEmpty && !task.title.isEmpty)
            #expect(task.verification.allSatisfy { $0.line > task.line && lines.contains($0.line) && !$0.text.isEmpty })
            #expect(task.criteria.allSatisfy { $0.line > task.line && lines.contains($0.line) && !$0.text.isEmpty })
            let start = source.trimmed(source.content(task.line - 1)).lowerBound
            if source.firstBrokenCharacter == nil {
                #expect(text[start...].starts(with: task.section.utf8))
            }
        }
    }

    @Test("A mutated plan never traps, and what is read lies within it", arguments: 0..<8)
    func mutatedPlans(seed: UInt64) throws {
        var random = Seeded(state: seed)
        let traps = try Fixture.testPlan("parsing_traps.md")
        for _ in 0..<40 {
            var bytes = traps
            FuzzTests.mutate(&bytes, with: &random)
            check(bytes)
        }
    }

    @Test("Random pieces of Markdown never trap", arguments: 0..<8)
    func pieces(seed: UInt64) {
        var random = Seeded(state: seed &+ 1_000)
        for _ in 0..<100 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...60, using: &random) {
                bytes += FuzzTests.pieces.randomElement(using: &random) ?? []
            }
            check(bytes)
        }
    }

    @Test(
        "Much of anything is read",
        arguments: [
            "a", "`", "#", "*", "[", "- ", "\n", "# \n", "```a\n", "```\n", "~~~ a\n", "> ", "|", "<!--\n", "- [ ] a\n",
            "## Task 1\n", "    a\n", "**File:** `a`\n", "\u{0}", "**Verify:** `a`\n", "- `a b`\n",
            "```bash\n$ a\n```\n",
            "### E2E Test\n```\na\n```\n", "- [ ] `a` contains `b`\n", "\n\n```\na\n```\n",
        ]
    )
    func monotony(unit: String) {
        let bytes = Array(String(repeating: unit, count: 64_000 / unit.utf8.count).utf8)
        let head = Array("## Task 9.9: Before\n\n**Acceptance Criteria:**\n- [ ] first\n\n".utf8)
        let plan = Plan(parsing: head + bytes + bytes + bytes + bytes, file: "a.md")
        #expect(plan.tasks.first?.id == "9.9")
        #expect(plan.tasks.first?.criteria.first?.text.hasPrefix("first") == true)
    }

    @Test("A megabyte of tasks is read")
    func megabyte() throws {
        let document = try Fixture.bytes("milestone-2.md")
        let copies = 1_000_000 / document.count + 1
        let plan = Plan(parsing: Array(repeatElement(document, count: copies).joined()), file: "a.md")
        #expect(plan.tasks.count == 9 * copies)
        #expect(plan.complaints.count == 9)
        #expect(plan.complaints.allSatisfy { $0.severity == .error })
    }
}
