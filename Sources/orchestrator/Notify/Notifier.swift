import Foundation
import Runner

/// Tells others of an outcome: posts the result to a URL, and runs a command of the user's.
///
/// Both get the bytes that `--json` prints. What fails is told on standard error in a line, and changes no exit code.
struct Notifier: Sendable {
    private let webhook: Webhook?
    private let hook: CommandHook?
    private let mask: SecretMask

    /// Nil if nobody is to be told.
    ///
    /// - Throws: `SettingsError` if there is a URL, and no `curl` that could post to it.
    init?(
        _ settings: OutcomeSettings,
        environment: [String: String],
        postLimit: Duration = .seconds(10),
        commandLimit: Duration = .seconds(30)
    ) throws {
        guard settings.notifyURL != nil || settings.notifyCommand != nil else { return nil }
        mask = SecretMask(environment: environment, others: [settings.notifyURL].compactMap(\.self))
        let environment = environment.filter { !Self.isCredential($0.key) }
        webhook = try settings.notifyURL.map { try Webhook(url: $0, environment: environment, limit: postLimit) }
        hook = settings.notifyCommand.map { CommandHook(command: $0, environment: environment, limit: commandLimit) }
    }

    /// Tells of a result, both at once, each within its bound.
    func notify(_ result: TaskResult) async {
        for failure in await failures(of: result) { Console.complain(failure) }
    }

    /// Tells of a result.
    ///
    /// - Returns: What failed, a line each, with no secret in it.
    func failures(of result: TaskResult) async -> [String] {
        let body: [UInt8]
        do {
            body = Array(mask.json(try Console.jsonLine(result)).utf8)
        } catch {
            return ["Nobody was notified: the result cannot be encoded: \(error)"]
        }
        async let posting = webhook?.post(body)
        async let running = hook?.run(body, of: result)
        return [await posting ?? nil, await running ?? nil].compactMap(\.self)
    }

    /// Whether a variable has a credential of the agent, which is none of the others' business.
    private static func isCredential(_ name: String) -> Bool {
        name.hasPrefix("ANTHROPIC_") || name == "CLAUDE_CODE_OAUTH_TOKEN"
    }
}
