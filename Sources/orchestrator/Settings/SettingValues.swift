import Configuration
import Foundation
import Sandbox
import SystemPackage
import Yams

/// Settings from the environment and from `orchestrator.yaml`, by name: `max_turns` there is ORCHESTRATOR_MAX_TURNS here.
///
/// An empty variable counts as not set.
struct SettingValues: Sendable {
    /// Every name that can be set.
    static let names: Set<String> = [
        "agent", "agent_otlp_endpoint", "agent_telemetry", "allowed_tools", "ask", "capture_content", "check_timeout",
        "content_limit", "fix", "idle_timeout", "jaeger_url", "max_cost", "max_cost_per_day", "max_tokens", "max_turns",
        "model",
        "notify_command", "notify_url", "otlp_endpoint", "replay_speed", "retries", "sandbox", "sandbox_container",
        "service_name", "session_spans", "state_dir", "task_timeout", "task_timeout_seconds", "telemetry_timeout",
        "wait", "workspace_path",
    ]

    private let reader: ConfigReader
    private let file: String

    /// Reads the file that ORCHESTRATOR_CONFIG names, else `orchestrator.yaml` of the current directory if it is there.
    ///
    /// - Throws: ``SettingsError`` if the file is named but missing, is no YAML mapping, or sets something unknown.
    init(environment: [String: String]) async throws {
        let named = environment["ORCHESTRATOR_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        file = named ?? "orchestrator.yaml"
        let variables = EnvironmentVariablesProvider(environmentVariables: environment.filter { !$0.value.isEmpty })
            .prefixKeys(with: "orchestrator")
        guard named != nil || FileManager.default.fileExists(atPath: file) else {
            reader = ConfigReader(provider: variables)
            return
        }
        do {
            guard try Self.setsSomething(file) else {
                reader = ConfigReader(provider: variables)
                return
            }
            let yaml = try await FileProvider<YAMLSnapshot>(filePath: FilePath(file))
            reader = ConfigReader(providers: [variables, yaml])
        } catch let error as SettingsError {
            throw error
        } catch {
            throw SettingsError(
                "\(file) cannot be read: \(error.systemReason)",
                remedy: "Mend it, or name another with ORCHESTRATOR_CONFIG."
            )
        }
    }

    /// A setting as text, or nil if no source has it.
    func text(_ name: String) -> String? { reader.string(forKey: ConfigKey([name])) }

    /// A setting in the form that `parse` understands.
    func value<Value>(_ name: String, _ expected: String, _ parse: (String) -> Value?) throws -> Value? {
        guard let text = text(name) else { return nil }
        guard let value = parse(text) else {
            let variable = "ORCHESTRATOR_" + name.uppercased()
            throw SettingsError("\(variable), or \(name) in \(file), is \"\(text)\"; it takes \(expected).")
        }
        return value
    }

    /// A length of time; a bare number is seconds.
    func time(_ name: String) throws -> Duration? {
        try value(name, "a time such as 90, 45s, 10m or 1h30m", TimeSpan.init(_:))?.duration
    }

    /// Yes or no.
    func flag(_ name: String) throws -> Bool? {
        try value(name, "yes or no") { text in
            switch text.lowercased() {
            case "yes", "true", "on", "1": true
            case "no", "false", "off", "0": false
            default: nil
            }
        }
    }

    /// An amount of USD that limits something.
    func money(_ name: String) throws -> Limit<Money>? {
        try value(name, "an amount of USD such as 0.5 or $2.50, or none", Limit<Money>.init(_:))
    }

    /// Where results are posted to; the message does not repeat what may be secret.
    func notifyURL() throws -> NotifyURL? {
        guard let text = text("notify_url") else { return nil }
        guard let url = NotifyURL(text) else {
            throw SettingsError(
                "ORCHESTRATOR_NOTIFY_URL, or notify_url in \(file), is no URL; it takes http://… or https://…, or none."
            )
        }
        return url
    }

    /// A list: of the file, or separated by commas.
    func list(_ name: String) -> [String]? {
        let list = reader.stringArray(forKey: ConfigKey([name])) ?? text(name).map { [$0] }
        return list.map { $0.flatMap { $0.split(separator: ",") }.map { $0.trimmingCharacters(in: .whitespaces) } }
    }

    /// Refuses names that nothing reads and shapes that no setting has, so that a mistake is not silently a default.
    ///
    /// - Returns: Whether there is any setting; not so in a file that is empty, or has comments only.
    private static func setsSomething(_ file: String) throws -> Bool {
        let text = try String(contentsOfFile: file, encoding: .utf8)
        guard let content = try Yams.compose(yaml: text) else { return false }
        guard let mapping = content.mapping else {
            throw SettingsError("\(file) must be a mapping of settings, such as \"max_turns: 100\".")
        }
        let unknown = mapping.keys.compactMap(\.string).filter { !names.contains($0) }.sorted()
        guard unknown.isEmpty else {
            throw SettingsError(
                "\(file) sets \(unknown.joined(separator: ", ")), which nothing reads; "
                    + "it can set \(names.sorted().joined(separator: ", "))."
            )
        }
        for (key, value) in mapping where value.scalar == nil {
            guard key.string == "allowed_tools", value.sequence?.allSatisfy({ $0.scalar != nil }) == true else {
                throw SettingsError("\(key.string ?? "A setting") in \(file) takes one value, not a list or a mapping.")
            }
        }
        return !mapping.isEmpty
    }
}

/// A setting that cannot be used.
struct SettingsError: Error, Sendable, Equatable {
    /// What is wrong, in one line.
    var message: String
    /// The way out, if the message does not say it.
    var remedy: String?

    init(_ message: String, remedy: String? = nil) {
        self.message = message
        self.remedy = remedy
    }
}
