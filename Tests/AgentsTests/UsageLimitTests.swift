import FoundationEssentials
import Sandbox
import Testing

@testable import Agents

@Suite("Usage limits of the account")
struct UsageLimitTests {
    private static func resets(_ report: AgentReport) throws -> Date? {
        guard case .usageLimit(_, let date) = report.ending else {
            Issue.record("\(report.ending)")
            return nil
        }
        return date
    }

    @Test("With a login the service's own number tells when the limit resets")
    func login() throws {
        let bytes = try Sample.bytes("stream_usage_limit_oauth.jsonl")
        let date = Date(timeIntervalSince1970: 1_795_992_057)
        let limit = RateLimit(status: .rejected, resetsAt: date, kind: "five_hour")
        #expect(Sample.events(bytes).contains(.rateLimit(limit)))
        let report = Sample.report(of: bytes, .exited(1))
        let message = "You've hit your 5-hour limit · resets 10:40pm (UTC)"
        #expect(report.ending == .usageLimit(message: message, resetsAt: date))
        #expect(report.hasBegun)
    }

    @Test("Where the event is missing, the failure itself tells it, or else its sentence")
    func withoutEvent() throws {
        let text = String(decoding: try Sample.bytes("stream_usage_limit_oauth.jsonl"), as: UTF8.self)
        let lines = text.split(separator: "\n").filter { !$0.contains("rate_limit_event") }
        let older = lines.map { $0.replacing("api_error_params", with: "something_else") }
        func resets(_ lines: [some StringProtocol]) throws -> Date? {
            try Self.resets(Sample.report(of: Array(lines.joined(separator: "\n").utf8), .exited(1)))
        }
        #expect(try resets(lines) == Date(timeIntervalSince1970: 1_795_992_057))
        // The sentence has minutes only: 10:40pm.
        #expect(try resets(older) == Date(timeIntervalSince1970: 1_795_992_000))
    }

    @Test("With a key nothing tells it, unless the agent was told how long to wait")
    func key() throws {
        #expect(try Self.resets(Sample.report(stream: "stream_429_key.jsonl", .exited(1))) == nil)
        let waited = try Sample.report(stream: "stream_429_key_retry_after.jsonl", .exited(1))
        // Said at 20:41:48.910, with a delay of 23.009 s.
        let expected = try #require(RecordedTime.date("2026-11-29T20:42:11.919Z"))
        let date = try #require(try Self.resets(waited))
        #expect(abs(date.timeIntervalSince(expected)) < 0.01)
    }

    @Test("A limit that is near is a warning, and no failure")
    func warning() throws {
        let bytes = try Sample.bytes("stream_usage_limit_warning.jsonl")
        let date = Date(timeIntervalSince1970: 1_795_992_058)
        let limit = RateLimit(status: .warning, resetsAt: date, kind: "seven_day")
        #expect(Sample.events(bytes).contains(.rateLimit(limit)))
        #expect(Sample.report(of: bytes, .exited(0)).ending == .finished)
    }

    @Test(
        "Sentences are understood in each of their forms",
        arguments: [
            ("Claude AI usage limit reached|1795992057", "2026-11-29T22:40:57"),
            ("Claude AI usage limit reached|1795992057000", "2026-11-29T22:40:57"),
            ("You've hit your limit · resets 10pm (UTC)", "2026-11-29T22:00:00"),
            ("You've hit your limit · resets 10:40pm", "2026-11-29T22:40:00"),
            ("You've hit your session limit · resets 12:05am (UTC)", "2026-11-30T00:05:00"),
            ("resets at 8am (UTC)", "2026-11-30T08:00:00"),
            ("resets 12pm (UTC)", "2026-11-30T12:00:00"),
            ("You've hit your weekly limit · resets Dec 2, 3:54pm (UTC)", "2026-12-02T15:54:00"),
            ("resets Dec 2, 3:54pm (America/New_York)", "2026-12-02T20:54:00"),
            ("resets Jan 2, 3pm (UTC)", "2027-01-02T15:00:00"),
            ("resets Jan 2, 2028, 3pm (UTC)", "2028-01-02T15:00:00"),
            ("resets 10pm (Nowhere/Atlantis)", nil),
            ("resets Foo 2, 3pm (UTC)", nil),
            ("resets 77pm (UTC)", nil),
            ("resets soon", nil),
            ("", nil),
            ("limit|99999999999999999999", nil),
        ] as [(String, String?)]
    )
    func sentences(sentence: String, expected: String?) throws {
        let said = try #require(RecordedTime.date("2026-11-29T20:40:57.374Z"))
        let date = expected.flatMap { RecordedTime.date($0 + ".000Z") }
        #expect(UsageLimitReset.date(in: sentence, after: said) == date)
    }

    @Test("Numbers that cannot be times are none", arguments: [nil, -1, 0, 5, 1e20, .infinity, .nan] as [Double?])
    func epoch(number: Double?) {
        #expect(UsageLimitReset.date(epoch: number) == nil)
    }
}
