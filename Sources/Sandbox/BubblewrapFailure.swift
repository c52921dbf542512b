/// What bubblewrap's own complaints mean: exit code 1, no output, and `bwrap: ` on standard error.
enum BubblewrapFailure {
    /// The failure of a run, or nil when the command ran.
    static func of(_ result: CommandResult, command: SandboxCommand) -> SandboxError? {
        let text = result.standardError
        guard result.termination == .exited(1), text.hasPrefix("bwrap: ") else { return nil }
        let cause = String(text.prefix { $0 != "\n" })
        if cause.hasPrefix("bwrap: execvp ") {
            if cause.hasSuffix("Argument list too long") { return .argumentsTooLong(command, cause: cause) }
            return executableMissing(command, cause: cause)
        }
        if cause.hasPrefix("bwrap: Can't chdir") {
            return SandboxError(
                .workspaceUnusable,
                "The directory that \(command.name) is to run in cannot be entered in the local sandbox.",
                cause: cause
            )
        }
        return SandboxError(
            .startFailed,
            "bubblewrap could not make the local sandbox.",
            remedy: namespaceHint(cause),
            cause: cause
        )
    }

    static func executableMissing(_ command: SandboxCommand, cause: String?) -> SandboxError {
        SandboxError(
            .executableMissing,
            "\(command.name) is not in the local sandbox, or may not be executed there.",
            remedy: "install it under /usr or /opt; your HOME is not visible inside",
            cause: cause
        )
    }

    /// Distributions switch off namespaces for ordinary users in their own ways.
    private static func namespaceHint(_ cause: String) -> String? {
        let isForbidden = cause.contains("namespace") || cause.contains("uid map") || cause.contains("not permitted")
        guard isForbidden else { return nil }
        return "allow user namespaces (sysctl kernel.unprivileged_userns_clone=1 on Debian, "
            + "kernel.apparmor_restrict_unprivileged_userns=0 on Ubuntu), or --sandbox docker"
    }

    static func toolMissing(_ executable: String) -> SandboxError {
        SandboxError(
            .toolMissing,
            "The local sandbox needs bubblewrap, and \(executable) is not in PATH.",
            remedy: "apt-get install bubblewrap, or --sandbox none"
        )
    }
}
