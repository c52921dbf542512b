package import Agents
import FoundationEssentials
package import Plans
package import Sandbox
import Tracing

/// All that must be in order before money is spent: the plan, the task in it, the sandbox, the agent and its credential.
///
/// Nothing is started and nothing recorded while it is made; what it took is kept, so that the trace can show it.
package struct TaskPreparation: Sendable {
    /// The plan.
    package let plan: Plan
    /// The task in it.
    package let task: PlanTask
    /// What is known of the sandbox.
    package let sandbox: SandboxDescription
    /// What is known of the agent.
    package let agent: AgentDescription
    /// When reading the plan, looking at the sandbox and looking at the agent began, and when all was done.
    let planStart, sandboxStart, end: Instant

    /// Points in time on the tracer's clock.
    typealias Instant = DefaultTracerClock.Timestamp

    /// Looks at everything, in the order in which it is cheapest to fail.
    ///
    /// - Throws: ``PreparationError``, a line that says what is wrong and how to mend it.
    package init(
        planFile: String,
        taskID: String,
        sandbox: any Sandbox,
        agent: any Agent
    ) async throws {
        planStart = DefaultTracerClock.now
        plan = try Self.readPlan(planFile)
        guard let task = plan.task(taskID) else {
            throw PreparationError.taskMissing(taskID, plan)
        }
        self.task = task
        sandboxStart = DefaultTracerClock.now
        do {
            self.sandbox = try await sandbox.inspect()
            self.agent = try await agent.inspect(in: sandbox)
        } catch let error as SandboxError {
            throw PreparationError(error)
        } catch let error as AgentError {
            throw PreparationError(error)
        }
        end = DefaultTracerClock.now
    }

    /// Reads a plan from a file, and refuses one that cannot be run.
    ///
    /// - Throws: ``PreparationError`` naming the file, with every line that is wrong in it.
    package static func readPlan(_ file: String) throws -> Plan {
        let plan = try parsePlan(file)
        guard plan.isRunnable else { throw PreparationError.planNotRunnable(plan) }
        return plan
    }

    /// Reads a plan from a file, whatever its complaints.
    ///
    /// - Throws: ``PreparationError`` if the file cannot be read.
    package static func parsePlan(_ file: String) throws -> Plan {
        do {
            return Plan(parsing: [UInt8](try Data(contentsOf: URL(filePath: file))), file: file)
        } catch {
            throw PreparationError.planUnreadable(file, error)
        }
    }
}
