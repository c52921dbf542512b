import Testing

@testable import Runner

@Suite("Claims")
struct ClaimTests {
    @Test(
        "STATUS is read in all the ways in which agents write it",
        arguments: [
            ("STATUS: complete", Claim.Status.complete),
            ("STATUS: completed", .complete),
            ("All done.\n\n**STATUS:** complete", .complete),
            ("**STATUS**: complete.", .complete),
            ("**Status: complete**", .complete),
            ("- STATUS: complete ✅ all 12 tests pass", .complete),
            ("status: COMPLETE", .complete),
            ("## STATUS: complete", .complete),
            ("> STATUS: complete", .complete),
            ("`STATUS: complete`", .complete),
            ("```\nSTATUS: complete\n```", .complete),
            ("STATUS: `complete`", .complete),
            ("STATUS: complete\r\n", .complete),
            ("   STATUS :  complete", .complete),
            ("STATUS: complete (2 tests had failed before the fix)", .complete),
            ("STATUS: failed\nERROR: no compiler", .failed),
            ("STATUS: failed, because complete sources are missing", .failed),
            ("STATUS: needs_human", .needsHuman),
            ("STATUS: needs human", .needsHuman),
            ("STATUS: NEEDS-HUMAN", .needsHuman),
            ("STATUS: failed\nI tried again.\nSTATUS: complete", .complete),
            ("STATUS: complete\nNo, the test is red.\nSTATUS: failed\nERROR: red", .failed),
            ("STATUS: complete\n\nThe server answers:\nStatus: 200 OK", .complete),
        ]
    )
    func status(text: String, expected: Claim.Status) {
        #expect(Claim(parsing: text).status == expected)
    }

    @Test(
        "What is no claim is not taken for one",
        arguments: [
            "",
            "I have completed the task.",
            "STATUS: complete | needs_human | failed",
            "STATUS: complete, needs_human or failed (one of the three words)",
            "I will end with STATUS: complete when all is done.",
            "STATUS: in progress",
            "STATUS: completely broken",
            "STATUS: not complete",
            "STATUS:",
            "Exit status: complete",
            "STATUS: complete\nOn second thought:\nSTATUS: partial",
        ]
    )
    func noClaim(text: String) {
        #expect(Claim(parsing: text).status == nil)
    }

    @Test(
        "Options are taken apart in all the ways in which agents list them",
        arguments: [
            ("A) SQLite\nB) Postgres", ["SQLite", "Postgres"]),
            ("A. SQLite\nB. Postgres", ["SQLite", "Postgres"]),
            ("(A) SQLite\n(B) Postgres", ["SQLite", "Postgres"]),
            ("1. SQLite\n2. Postgres\n3. None", ["SQLite", "Postgres", "None"]),
            ("1) SQLite\n2) Postgres", ["SQLite", "Postgres"]),
            ("- SQLite\n- Postgres", ["SQLite", "Postgres"]),
            ("* SQLite\n* Postgres, with a pool", ["SQLite", "Postgres, with a pool"]),
            ("- A) SQLite\n- B) Postgres", ["SQLite", "Postgres"]),
            ("**A)** SQLite\n**B)** Postgres", ["SQLite", "Postgres"]),
            ("- SQLite, which\n  is small\n- Postgres", ["SQLite, which\nis small", "Postgres"]),
            ("A) SQLite B) Postgres", ["SQLite", "Postgres"]),
            ("A) SQLite, B) Postgres, C) none", ["SQLite", "Postgres", "none"]),
            ("1. SQLite 2. Postgres", ["SQLite", "Postgres"]),
            ("1) keep v1.2 2) go to v2.0", ["keep v1.2", "go to v2.0"]),
            ("SQLite, Postgres", ["SQLite", "Postgres"]),
            ("SQLite | Postgres | none", ["SQLite", "Postgres", "none"]),
            ("yes", ["yes"]),
            ("A) yes", ["yes"]),
            ("", []),
        ]
    )
    func options(text: String, expected: [String]) {
        #expect(ClaimOptions.split(text) == expected)
    }

    @Test("A question comes with its options and the recommendation, over several lines")
    func question() {
        let claim = Claim(
            parsing: """
                I looked at both.

                STATUS: needs_human
                QUESTION: Which store
                shall it be?
                **OPTIONS:**
                A) SQLite
                B) Postgres
                **RECOMMENDATION:** A, because
                it needs no server.
                """
        )
        #expect(claim.status == .needsHuman)
        #expect(claim.question == "Which store\nshall it be?")
        #expect(claim.options == ["SQLite", "Postgres"])
        #expect(claim.recommendation == "A, because\nit needs no server.")
        #expect(claim.error == nil)
    }

    @Test("The prompt's own form, all labels in one line, is read")
    func oneLine() {
        let claim = Claim(
            parsing: "STATUS: needs_human QUESTION: Which? OPTIONS: A) one B) two RECOMMENDATION: B"
        )
        #expect(claim.status == .needsHuman)
        #expect(claim.question == "Which?")
        #expect(claim.options == ["one", "two"])
        #expect(claim.recommendation == "B")
    }

    @Test("A question without its label is still a question")
    func questionWithoutLabel() {
        let claim = Claim(parsing: "Shall I delete the table?\n\nSTATUS: needs_human")
        #expect(claim.question == "Shall I delete the table?")
        #expect(claim.options == nil)
    }

    @Test("An error keeps its code block and all its lines")
    func error() {
        let claim = Claim(
            parsing: "STATUS: failed\nERROR: it does not build:\n```\nno such module\n```\nNothing helped."
        )
        #expect(claim.error == "it does not build:\n```\nno such module\n```\nNothing helped.")
    }

    @Test("Fields of a status that was taken back do not stay")
    func takenBack() {
        let claim = Claim(parsing: "STATUS: failed\nERROR: red\nSTATUS: complete")
        #expect(claim == Claim(status: .complete))
    }

    @Test("No text of any shape stops the reader", arguments: 0..<200)
    func arbitraryText(seed: UInt64) {
        var random = SeededRandom(state: seed)
        let pieces = [
            "STATUS", ":", " ", "\n", "**", "```", "OPTIONS", "A)", "B)", "1.", "|", "complete", "\u{0}", "é",
            "QUESTION:",
        ]
        let text = (0..<60).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
        let claim = Claim(parsing: text)
        #expect(claim.status == .needsHuman || claim.question == nil)
        #expect(claim.status == .failed || claim.error == nil)
    }
}

/// SplitMix64: the same numbers for the same seed.
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
