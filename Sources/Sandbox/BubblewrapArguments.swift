import SystemPackage

/// What every bubblewrap namespace of ours is made of.
enum BubblewrapArguments {
    /// Own processes, own System V IPC, no capabilities, no terminal, and an end together with this program.
    static let isolation = [
        "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
    ]

    /// The machine's programs and libraries, read-only, and fresh file systems for the rest.
    static var system: [String] {
        var arguments = ["--ro-bind", "/usr", "/usr", "--ro-bind-try", "/opt", "/opt"]
        for directory in ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"] {
            arguments += mirror(of: directory)
        }
        for path in configuration { arguments += ["--ro-bind-try", "/etc/\(path)", "/etc/\(path)"] }
        arguments += ["--proc", "/proc", "--dev", "/dev"]
        for directory in ["/tmp", "/var/tmp", "/run"] { arguments += ["--tmpfs", directory] }
        return arguments
    }

    /// A link where the machine has a link (`/bin -> usr/bin`), else the directory, if there is one.
    private static func mirror(of directory: String) -> [String] {
        do {
            guard try FilePath(directory).stat(flags: .symlinkNoFollow).type == .symbolicLink else {
                return ["--ro-bind", directory, directory]
            }
            return ["--symlink", "usr\(directory)", directory]
        } catch {
            return []
        }
    }

    /// What programs need of `/etc`: names and addresses, certificates, users' names, linker, time zone, shells.
    ///
    /// Not the whole of it, for it holds secrets, and root can read them.
    private static let configuration = [
        "alternatives", "bash.bashrc", "ca-certificates", "debian_version", "gai.conf", "gitconfig", "group",
        "host.conf", "hosts", "inputrc", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "magic",
        "mime.types", "nsswitch.conf", "os-release", "passwd", "pki", "profile", "protocols", "resolv.conf", "rpc",
        "services", "ssl/certs", "ssl/openssl.cnf", "terminfo", "timezone",
    ]
}
