/// What stopping an attempt found and left.
package struct StopReport: Sendable, Equatable {
    /// Processes of the attempt that were running when it was stopped.
    package var found: [ProcessDescription]
    /// Processes that had to be killed after the grace had passed.
    package var killed: [ProcessDescription]
    /// Processes that are still there: empty when all is well.
    package var remaining: [ProcessDescription]
    /// Processes that were not there before the attempt and that nothing ties to any attempt: named, never ended.
    package var unattributed: [ProcessDescription]
    /// Why it could not be looked at, such as a daemon that does not answer; nil when the look succeeded.
    package var failure: String?

    /// Whether it is proven that nothing of the attempt runs on.
    package var isClean: Bool { remaining.isEmpty && failure == nil }

    package init(
        found: [ProcessDescription] = [],
        killed: [ProcessDescription] = [],
        remaining: [ProcessDescription] = [],
        unattributed: [ProcessDescription] = [],
        failure: String? = nil
    ) {
        self.found = found
        self.killed = killed
        self.remaining = remaining
        self.unattributed = unattributed
        self.failure = failure
    }
}

/// One process, by the number that it has inside the sandbox.
package struct ProcessDescription: Sendable, Hashable {
    /// The process id as seen where the sandbox looked.
    package var id: Int32
    /// The name of its executable, at most 15 bytes (`/proc/PID/comm`).
    package var name: String

    package init(id: Int32, name: String) {
        self.id = id
        self.name = name
    }
}
