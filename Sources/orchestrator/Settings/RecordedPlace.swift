import Agents
import Foundation
import Journal
import Runner
import Sandbox

extension Settings {
    /// The settings with the sandbox that an earlier attempt had, unless the user names another one now.
    ///
    /// - Throws: ``PreparationError`` if the attempt's sandbox is of a kind that this version does not know.
    func placed(as attempt: AttemptRecord, unless place: PlaceFlags?) throws -> Settings {
        var settings = self
        if place?.sandbox == nil {
            guard let kind = SandboxChoice(rawValue: attempt.sandbox) else {
                throw PreparationError(
                    exitCode: .unavailable,
                    message:
                        "Run \(attempt.runID) was done in a sandbox of the kind \(attempt.sandbox), which is not known.",
                    remedy: "name one with --sandbox"
                )
            }
            settings.sandbox = kind
        }
        if place?.container == nil, let container = attempt.container { settings.container = container }
        if place?.workspace == nil, let workspace = attempt.workspace { settings.workspace = workspace }
        return settings
    }

    /// Who looks after attempts whose runner was killed.
    func makeReaper(_ journal: Journal, environment: [String: String]) -> Reaper {
        var claude = self
        claude.agent = .claude
        let settings = claude
        return Reaper(journal: journal, agent: settings.makeAgent(environment: environment)) { attempt in
            try? settings.placed(as: attempt, unless: nil).makeSandbox(environment: environment)
        }
    }
}
