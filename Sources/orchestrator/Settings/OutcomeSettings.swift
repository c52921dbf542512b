/// Who is asked when a person is needed, and who is told of an outcome.
struct OutcomeSettings: Sendable, Equatable {
    /// Whether a person at the terminal is asked when one is needed.
    var asksAtTerminal: Bool
    /// Where the result is posted to; it may be secret.
    var notifyURL: String?
    /// The shell's command that is run after the outcome.
    var notifyCommand: String?

    init(flags: OutcomeFlags, values: SettingValues) throws {
        asksAtTerminal = try flags.ask ?? values.flag("ask") ?? true
        notifyURL = try (flags.notifyURL ?? values.notifyURL())?.url
        let command = flags.notifyCommand ?? values.text("notify_command") ?? ""
        notifyCommand = command.isEmpty || command == "none" ? nil : command
    }
}
