import Testing

@testable import Runner

@Suite("Requests to stop")
struct StopSwitchTests {
    @Test("The first request counts, but a person's goes before a limit's and is never taken back")
    func order() async {
        let stops = StopSwitch()
        stops.request(.usageLimit(resetsAt: nil))
        stops.request(.turnLimit(5))
        #expect(stops.cause == .usageLimit(resetsAt: nil))
        stops.request(.interrupted)
        stops.request(.terminated)
        #expect(stops.cause == .interrupted)
        stops.withdrawLimit()
        #expect(await stops.wait() == .interrupted)
    }

    @Test("A limit that is waited out is taken back")
    func withdrawal() {
        let stops = StopSwitch()
        stops.request(.usageLimit(resetsAt: nil))
        stops.withdrawLimit()
        #expect(stops.cause == nil)
    }
}
