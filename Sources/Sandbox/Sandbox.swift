package import FoundationEssentials

/// A place in which commands run: a container, a bubblewrap namespace, or the bare host.
///
/// A sandbox that is named by the user is used or refused; nothing ever falls back to another kind. Implementations
/// hold no state about running commands: what belongs to an attempt is found by the marker in its environment
/// (``SandboxCommand/attempt``), so that a second process can stop what a first one started.
package protocol Sandbox: Sendable {
    /// Which kind of sandbox this is.
    var kind: SandboxKind { get }

    /// The workspace's path as commands inside see it, absolute, such as `/workspace`.
    var workspace: String { get }

    /// Looks whether commands can run here, and starts nothing.
    ///
    /// - Throws: ``SandboxError`` naming what is missing (daemon, container, tool, workspace) and the command that
    ///   mends it.
    func inspect() async throws -> SandboxDescription

    /// Runs one command to its end and hands over its standard output as it comes.
    ///
    /// A non-zero exit is a result, not an error. A command that a signal ended may count as exited with 128 plus the
    /// signal's number; ``Termination/code`` is the same either way. When a command has ended, its background children
    /// are not waited for, although they may hold its output open.
    ///
    /// When the calling task is cancelled, the local client process is killed and `CancellationError` thrown; what runs
    /// inside is then ended by ``stop(attempt:since:grace:)``. For a command that is to end in good order (an agent that
    /// still writes its session and telemetry), stop it first: this method then returns by itself.
    ///
    /// A supervised command (``SandboxCommand/isSupervised``) ends by itself, with all that it has started, when this task is
    /// cancelled, and when this program or its client dies by whatever means. What it leaves behind when it ends is ended
    /// before this method returns: SIGTERM, and SIGKILL a second later. Its result is told only if its supervisor has said
    /// that it ended.
    ///
    /// - Parameters:
    ///   - command: The argument vector with its environment and input.
    ///   - output: Called in order with each chunk of standard output, at most 64 KiB. The command is not read from
    ///     while it runs (back-pressure). What it throws ends the command and is thrown on.
    /// - Returns: How the command ended.
    /// - Throws: ``SandboxError`` if the command could not be started in the sandbox, or with
    ///   ``SandboxError/Code/connectionLost`` if it is not known how it ended.
    func run(
        _ command: SandboxCommand,
        output: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> CommandResult

    /// Ends every process of an attempt, and says what it found.
    ///
    /// First SIGTERM, then, after `grace` (7 s at most), SIGKILL, repeated until none is left or 9 s have passed.
    /// Descendants, own sessions and daemonised processes are included, and of a supervised command also those that were
    /// daemonised after they had cleared or overwritten their environment, unless the sandbox has neither an init
    /// (`docker run --init`), tini, perl nor python3. What a supervisor has ended meanwhile is told too, once. Supervisors
    /// themselves are neither told nor ended, but for those that hang.
    ///
    /// It works in a cancelled task too, for an attempt that another program started long ago, and takes 10 s at most.
    /// Where nothing can run, such as in a container that is stopped or gone, it succeeds.
    ///
    /// - Parameters:
    ///   - attempt: The attempt's id.
    ///   - since: When the attempt began: processes that began later and that nothing ties to any attempt are named in
    ///     ``StopReport/unattributed``. Nil names none.
    ///   - grace: How long the processes may take to end by themselves.
    /// - Returns: What was found, what had to be killed, and what is left.
    func stop(attempt: String, since: Date?, grace: Duration) async -> StopReport
}

/// The kinds of sandbox, as the user names them and as telemetry reports them (`sandbox.kind`).
package enum SandboxKind: String, Sendable, CaseIterable {
    /// `docker exec` into a running container.
    case docker
    /// A bubblewrap namespace of this machine with the workspace bound at `/workspace`.
    case local
    /// No isolation at all: commands run as the user, in the workspace.
    case none
}

/// What a sandbox is, as far as it could be told before anything ran in it.
package struct SandboxDescription: Sendable, Equatable {
    /// Which kind it is.
    package var kind: SandboxKind
    /// The container's name, for docker.
    package var containerName: String?
    /// The container's full id, for docker.
    package var containerID: String?
    /// The name of the image that the container was made from, for docker.
    package var containerImage: String?
    /// Whether this machine's loopback is that of the processes inside.
    package var sharesHostNetwork: Bool
    /// A sentence that must be shown on every run, such as that nothing is isolated.
    package var warning: String?

    package init(
        kind: SandboxKind,
        containerName: String? = nil,
        containerID: String? = nil,
        containerImage: String? = nil,
        sharesHostNetwork: Bool = true,
        warning: String? = nil
    ) {
        self.kind = kind
        self.containerName = containerName
        self.containerID = containerID
        self.containerImage = containerImage
        self.sharesHostNetwork = sharesHostNetwork
        self.warning = warning
    }
}
