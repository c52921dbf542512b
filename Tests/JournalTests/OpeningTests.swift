import Dispatch
import Foundation
import Journal
import Synchronization
import Testing

@Suite("A new journal")
struct OpeningTests {
    @Test("Those who make it at the same moment all get it")
    func atOnce() {
        for _ in 0..<20 {
            let state = StateDirectory()
            let problems = Mutex<[String]>([])
            DispatchQueue.concurrentPerform(iterations: 8) { _ in
                do {
                    _ = try Journal(directory: state.path)
                } catch {
                    problems.withLock { $0.append("\(error)") }
                }
            }
            #expect(problems.withLock { $0 } == [])
        }
    }
}
