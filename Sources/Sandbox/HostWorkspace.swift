import SystemPackage

/// The workspace as a directory of this machine.
enum HostWorkspace {
    /// - Throws: ``SandboxError`` when it is not an absolute path of a directory.
    static func check(_ path: String) throws(SandboxError) {
        guard path.hasPrefix("/"), isDirectory(path) else { throw unusable(path) }
    }

    static func isDirectory(_ path: String) -> Bool {
        (try? FilePath(path).stat().type) == .directory
    }

    static func exists(_ path: String) -> Bool {
        (try? FilePath(path).stat()) != nil
    }

    static func unusable(_ path: String) -> SandboxError {
        SandboxError(
            .workspaceUnusable,
            "The workspace \(path) is not a directory that can be entered.",
            remedy: "mkdir -p \(path), or name another with --workspace"
        )
    }
}
