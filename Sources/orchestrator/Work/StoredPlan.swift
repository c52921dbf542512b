import Foundation
import Journal

extension Journal {
    /// The plan as an attempt had it; nil for attempts of versions that did not keep it.
    func storedPlan(of attempt: AttemptRecord) async throws -> (content: [UInt8], path: String)? {
        guard let hash = attempt.planHash, let plan = try await plan(hash: hash) else { return nil }
        return ([UInt8](plan.content), attempt.planPath ?? plan.path)
    }
}
