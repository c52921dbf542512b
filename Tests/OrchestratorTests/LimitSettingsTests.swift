import ArgumentParser
import Foundation
import Testing

@testable import orchestrator

@Suite("Settings of limits, checks and outcome")
struct LimitSettingsTests {
    private func settings(
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        file: String = "{}"
    ) async throws -> Settings {
        let file = try SettingsTests.File(file)
        var environment = environment
        environment["ORCHESTRATOR_CONFIG"] = file.path
        return try await Settings(flags: SettingsFlags.parse(arguments), environment: environment)
    }

    @Test("Without any source nothing but turns, time and idle time is limited, and nobody is told")
    func defaults() async throws {
        let settings = try await settings()
        #expect(settings.limits.idleTimeout == .seconds(900))
        #expect(settings.limits.maxTokens == nil)
        #expect(settings.limits.maxCostUSD == nil)
        #expect(settings.limits.maxCostPerDayUSD == nil)
        #expect(settings.limits.retries == 2)
        #expect(settings.limits.waitsForReset == false)
        #expect(settings.fixRounds == 0)
        #expect(settings.checkTimeout == .seconds(300))
        #expect(settings.outcome.asksAtTerminal)
        #expect(settings.outcome.notifyURL == nil)
        #expect(settings.outcome.notifyCommand == nil)
    }

    /// Every setting as a flag, a variable and a line of the file, with another value in each.
    private static let sources:
        [(flag: [String], variable: String, line: String, read: @Sendable (Settings) -> String?)] =
            [
                (
                    ["--idle-timeout", "1m"], "IDLE_TIMEOUT=2m", "3m",
                    { $0.limits.idleTimeout.map { "\($0 / .seconds(60))m" } }
                ),
                (["--max-tokens", "1k"], "MAX_TOKENS=2000", "3000", { $0.limits.maxTokens.map { "\($0 / 1000)k" } }),
                (["--max-cost", "$1.50"], "MAX_COST=2.50", "3.50", { $0.limits.maxCostUSD.map { "\($0)" } }),
                (
                    ["--max-cost-per-day", "1"], "MAX_COST_PER_DAY=2", "3",
                    { $0.limits.maxCostPerDayUSD.map { "\($0)" } }
                ),
                (["--retries", "1"], "RETRIES=3", "4", { "\($0.limits.retries)" }),
                (["--fix", "1"], "FIX=2", "3", { "\($0.fixRounds)" }),
                (["--check-timeout", "1s"], "CHECK_TIMEOUT=2s", "3s", { "\($0.checkTimeout)" }),
                (["--notify-url", "http://a/1"], "NOTIFY_URL=http://a/2", "http://a/3", { $0.outcome.notifyURL }),
                (["--notify-command", "true 1"], "NOTIFY_COMMAND=true 2", "true 3", { $0.outcome.notifyCommand }),
            ]

    @Test("Each setting comes from its flag, else from its variable, else from the file", arguments: sources.indices)
    func precedence(index: Int) async throws {
        let source = Self.sources[index]
        let parts = source.variable.split(separator: "=", maxSplits: 1).map(String.init)
        let variable = ["ORCHESTRATOR_" + parts[0]: parts[1]]
        let file = "\(parts[0].lowercased()): \(source.line)"
        let byDefault = source.read(try await settings())
        let byFile = source.read(try await settings(file: file))
        let byVariable = source.read(try await settings(environment: variable, file: file))
        let byFlag = source.read(try await settings(source.flag, environment: variable, file: file))
        #expect(Set([byDefault, byFile, byVariable, byFlag]).count == 4)
        #expect(byFlag == source.read(try await settings(source.flag)))
        #expect(byVariable == source.read(try await settings(environment: variable)))
    }

    @Test(
        "Yes and no are read in the usual words, and a flag or its opposite wins",
        arguments: [("yes", true), ("true", true), ("1", true), ("no", false), ("False", false), ("off", false)]
    )
    func flags(word: String, value: Bool) async throws {
        #expect(try await settings(environment: ["ORCHESTRATOR_WAIT": word]).limits.waitsForReset == value)
        #expect(try await settings(file: "ask: \(word)").outcome.asksAtTerminal == value)
        #expect(try await settings(["--wait"], environment: ["ORCHESTRATOR_WAIT": word]).limits.waitsForReset)
        #expect(try await settings(["--no-ask"], file: "ask: \(word)").outcome.asksAtTerminal == false)
    }

    @Test("A limit is lifted by none; idle time by 0 as well")
    func none() async throws {
        let file = "max_cost: 1\nmax_cost_per_day: 1\nmax_tokens: 1\nidle_timeout: 1\nnotify_url: http://a/\n"
        let settings = try await settings(
            [
                "--max-cost", "none", "--max-cost-per-day", "none", "--max-tokens", "none", "--idle-timeout", "0",
                "--notify-url", "none",
            ],
            file: file
        )
        #expect(settings.limits.maxCostUSD == nil)
        #expect(settings.limits.maxCostPerDayUSD == nil)
        #expect(settings.limits.maxTokens == nil)
        #expect(settings.limits.idleTimeout == nil)
        #expect(settings.outcome.notifyURL == nil)
        #expect(try await self.settings(file: "idle_timeout: none").limits.idleTimeout == nil)
    }

    @Test(
        "What cannot be used is refused by name",
        arguments: [
            ("max_cost: -1", "max_cost"), ("max_cost: 0", "max_cost"), ("max_cost_per_day: nan", "max_cost_per_day"),
            ("max_tokens: 1.5", "max_tokens"), ("idle_timeout: soon", "idle_timeout"), ("retries: 11", "retries"),
            ("retries: -1", "retries"), ("fix: 99", "fix"), ("check_timeout: 0", "check_timeout"),
            ("wait: maybe", "wait"), ("ask: 2", "ask"), ("notify_url: ftp://host/x", "notify_url"),
        ]
    )
    func refused(file: String, name: String) async throws {
        let error = await #expect(throws: SettingsError.self) { try await settings(file: file) }
        #expect(error?.message.contains(name) == true)
    }

    @Test("A refused webhook is not repeated, since its path may be secret")
    func secretURL() async throws {
        let error = await #expect(throws: SettingsError.self) {
            try await settings(environment: ["ORCHESTRATOR_NOTIFY_URL": "hooks.example/T0/secret"])
        }
        #expect(error?.message.contains("secret") == false)
    }

    @Test(
        "Flags that cannot be used are refused",
        arguments: [
            ["--max-cost", "-1"], ["--max-cost", "inf"], ["--retries", "11"], ["--fix", "-1"], ["--max-tokens", "0"],
            ["--notify-url", "host"], ["--idle-timeout", "-1"], ["--check-timeout", "0"],
        ]
    )
    func refusedFlags(arguments: [String]) {
        #expect(throws: (any Error).self) { try SettingsFlags.parse(arguments) }
    }

    @Test(
        "Money is read as people write it",
        arguments: [("0.5", 0.5), ("2", 2), ("$2.50", 2.5), (".75", 0.75), ("$0.01", 0.01), ("100000", 100_000)]
    )
    func money(text: String, usd: Double) {
        #expect(Money(text)?.usd == usd)
    }

    @Test(
        "What is no money is none",
        arguments: [
            "", "$", "-1", "$-1", "-$1", "+1", "0", "0.00", "nan", "inf", "1e3", "0x10", "1,50", "1.2.3", "2.", "$$2",
            "2$",
            " 2", "1_000", "٢", "2 USD", "1000000000",
        ]
    )
    func noMoney(text: String) {
        #expect(Money(text) == nil)
    }

    @Test(
        "Tokens are read with k and M",
        arguments: [("1", 1), ("200000", 200_000), ("200k", 200_000), ("1.5M", 1_500_000), ("0.5k", 500)]
    )
    func tokens(text: String, number: Int) {
        #expect(TokenCount(text)?.tokens == number)
    }

    @Test(
        "What is no number of tokens is none",
        arguments: ["", "0", "0k", "-1", "1.5", "k", "1kk", "nan", "1e6", "9999999999M"]
    )
    func noTokens(text: String) {
        #expect(TokenCount(text) == nil)
    }

    @Test("A command that takes only some of the groups leaves the others at what the sources say")
    func someGroups() async throws {
        let place = try PlaceFlags.parse(["--sandbox", "none"])
        let settings = try await Settings(
            flags: SettingsFlags(place: place, checks: CheckFlags.parse(["--check-timeout", "7s"])),
            environment: ["ORCHESTRATOR_MAX_TURNS": "8"]
        )
        #expect(settings.sandbox == .none)
        #expect(settings.checkTimeout == .seconds(7))
        #expect(settings.limits.maxTurns == 8)
    }
}
