import Agents
import Synchronization

/// Watches an attempt's live stream, and asks it to stop at its limits.
///
/// It counts by itself: the agent's own options overshoot, and know nothing of earlier invocations and of the day.
final class LimitGuard<RunClock: Clock>: Sendable where RunClock.Duration == Duration {
    private struct State {
        /// What ended invocations of this attempt have used.
        var settled: [ModelUsage] = []
        /// What the one that runs has used until now.
        var live: [ModelUsage] = []
        var settledTurns = 0
        var liveTurns = 0
        var hasSession = false
        var lastSign: RunClock.Instant
    }

    private let limits: AttemptLimits
    /// What other attempts have cost today.
    private let spentToday: Double
    private let stops: StopSwitch
    private let clock: RunClock
    private let state: Mutex<State>

    /// A wait of the agent for an account's limit that is longer than this is not waited out by it.
    private static var longestOwnWait: Duration { .seconds(60) }

    init(_ limits: AttemptLimits, spentToday: Double, stops: StopSwitch, clock: RunClock) {
        self.limits = limits
        self.spentToday = spentToday
        self.stops = stops
        self.clock = clock
        state = Mutex(State(lastSign: clock.now))
    }

    /// What the whole attempt has used until now, by model; costs of the invocation that runs are estimates.
    var usage: [ModelUsage] {
        state.withLock { $0.settled.adding($0.live) }
    }

    /// Turns of the whole attempt until now.
    var turns: Int { state.withLock { $0.settledTurns + $0.liveTurns } }

    /// How many turns are left.
    var turnsLeft: Int { max(1, limits.turns - turns) }

    /// How much may still be spent; nil without a limit of cost.
    var costLeft: Double? {
        let spent = usage.total.costUSD
        let left = [limits.costUSD.map { $0 - spent }, limits.costPerDayUSD.map { $0 - spentToday - spent }]
        return left.compactMap(\.self).min()
    }

    /// Whether the agent has told of its session, in this invocation or an earlier one of the attempt.
    var hasSession: Bool { state.withLock(\.hasSession) }

    /// Begins an invocation.
    func beginInvocation() {
        state.withLock { $0.lastSign = clock.now }
    }

    /// What the invocation that runs, or ran last, was seen to use.
    var liveUsage: [ModelUsage] { state.withLock(\.live) }

    /// Ends an invocation: what all of them together have used by their reports takes the place of what was seen live.
    func endInvocation(having used: [ModelUsage]) {
        state.withLock { state in
            state.settled = used
            state.live = []
            state.settledTurns += state.liveTurns
            state.liveTurns = 0
        }
    }

    /// Takes an event of the agent, and asks for a stop if it goes beyond a limit.
    ///
    /// - Returns: Whether the usage is another one now.
    func observe(_ event: AgentEvent) -> Bool {
        state.withLock { $0.lastSign = clock.now }
        switch event {
        case .started:
            state.withLock { $0.hasSession = true }
            return false
        case .messageStarted(_, _, let parent):
            guard parent == nil else { return false }
            let turns = state.withLock { state in
                state.liveTurns += 1
                return state.settledTurns + state.liveTurns
            }
            if turns > limits.turns { stops.request(.turnLimit(limits.turns)) }
            return false
        case .usage(let usage):
            state.withLock { $0.live = usage }
            checkUsage()
            return true
        case .retry(_, let status, _, let delay):
            if status == 429, let delay, delay > Self.longestOwnWait {
                stops.request(.usageLimit(resetsAt: delay.fromNow))
            }
            return false
        default:
            return false
        }
    }

    private func checkUsage() {
        let used = usage.total
        if let limit = limits.tokens, used.totalTokens > limit { stops.request(.tokenLimit(limit)) }
        if let limit = limits.costUSD, used.costUSD > limit { stops.request(.costLimit(limit)) }
        if let limit = limits.costPerDayUSD, spentToday + used.costUSD > limit {
            stops.request(.dailyCostLimit(limit))
        }
    }

    /// Waits until nothing has come for too long; nil when the task is cancelled before, or without a limit.
    func waitForSilence() async -> StopCause? {
        guard let idle = limits.idle else { return nil }
        while true {
            let end = state.withLock(\.lastSign).advanced(by: idle)
            if clock.now >= end { return .idleLimit(idle) }
            do { try await clock.sleep(until: end, tolerance: nil) } catch { return nil }
        }
    }
}
