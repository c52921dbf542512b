import Testing

@testable import Sandbox

@Suite("The answer of the sweep")
struct SweepAnswerTests {
    @Test("Each line becomes a process, names with spaces and control characters included")
    func lines() throws {
        let report = try #require(
            StopReport(
                sweepOutput: "found 12 sh\nfound 13 two words\nkilled 13 two words\nremaining 14 \u{1B}[2J\nend\n"
            )
        )
        #expect(report.found == [.init(id: 12, name: "sh"), .init(id: 13, name: "two words")])
        #expect(report.killed == [.init(id: 13, name: "two words")])
        #expect(report.remaining == [.init(id: 14, name: "?[2J")])
        #expect(!report.isClean)
    }

    @Test(
        "An answer that was cut short counts for nothing",
        arguments: ["", "found 12 sh\n", "en", "end\nfound 12 sh\nx"]
    )
    func cutShort(_ output: String) {
        #expect(StopReport(sweepOutput: output) == nil)
    }

    @Test("The grace is bounded, so that SIGKILL comes in time")
    func boundedGrace() {
        for (grace, word) in [(Duration.seconds(60), "700"), (.milliseconds(-5), "0"), (.milliseconds(250), "25")] {
            let arguments = AttemptSweep(attempt: "a", grace: grace, view: .container).arguments
            #expect(Array(arguments[4...6]) == ["a", word, "900"])
        }
    }
}

@Suite("The tail of a stream")
struct OutputTailTests {
    @Test("It keeps the last bytes and no half character")
    func tail() {
        var tail = OutputTail(limit: 5)
        for _ in 0..<10 { tail.append(Array("€".utf8)) }
        #expect(tail.text == "€")
        tail.append(Array("abc".utf8))
        #expect(tail.text == "abc")
        var short = OutputTail(limit: 5)
        short.append([0x80, 0x41])
        #expect(short.text == "\u{FFFD}A")
    }
}
