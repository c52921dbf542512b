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
    /// The plan's absolute path, without `.`, `..` and links where it is there.
    package let planPath: String
    /// The plan's bytes.
    package let planContent: [UInt8]
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
    /// - Parameters:
    ///   - planFile: The plan as the user names it.
    ///   - taskID: The task's id.
    ///   - stored: The plan as an earlier attempt had it, for one that goes on; it is not read again then.
    ///   - sandbox: Where the work is done.
    ///   - agent: Who does it.
    /// - Throws: ``PreparationError``, a line that says what is wrong and how to mend it.
    package init(
        planFile: String,
        taskID: String,
        stored: (content: [UInt8], path: String)? = nil,
        sandbox: any Sandbox,
        agent: any Agent
    ) async throws {
        planStart = DefaultTracerClock.now
        planContent = try stored?.content ?? Self.content(of: planFile)
        planPath = stored?.path ?? Self.absolutePath(of: planFile)
        plan = Plan(parsing: planContent, file: planFile)
        guard plan.isRunnable else { throw PreparationError.planNotRunnable(plan) }
        task = try Self.task(taskID, of: plan)
        sandboxStart = DefaultTracerClock.now
        self.sandbox = try await Self.inspect(sandbox)
        do {
            self.agent = try await agent.inspect(in: sandbox)
        } catch let error as SandboxError {
            throw PreparationError(error)
        } catch let error as AgentError {
            throw PreparationError(error)
        }
        end = DefaultTracerClock.now
    }

    /// Looks at a sandbox.
    ///
    /// - Throws: ``PreparationError``.
    package static func inspect(_ sandbox: any Sandbox) async throws -> SandboxDescription {
        do {
            return try await sandbox.inspect()
        } catch let error as SandboxError {
            throw PreparationError(error)
        }
    }

    /// Reads a plan from a file, and refuses one that cannot be run.
    ///
    /// - Throws: ``PreparationError`` naming the file, with every line that is wrong in it.
    package static func readPlan(_ file: String) throws -> Plan {
        let plan = try parsePlan(file)
        guard plan.isRunnable else { throw PreparationError.planNotRunnable(plan) }
        return plan
    }

    /// The task of this id.
    ///
    /// - Throws: ``PreparationError`` naming the ids that there are.
    package static func task(_ id: String, of plan: Plan) throws -> PlanTask {
        guard let task = plan.task(id) else { throw PreparationError.taskMissing(id, plan) }
        return task
    }

    /// Reads a plan from a file, whatever its complaints.
    ///
    /// - Throws: ``PreparationError`` if the file cannot be read.
    package static func parsePlan(_ file: String) throws -> Plan {
        Plan(parsing: try content(of: file), file: file)
    }

    private static func content(of file: String) throws -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(filePath: file)))
        } catch {
            throw PreparationError.planUnreadable(file, error)
        }
    }

    private static func absolutePath(of file: String) -> String {
        URL(filePath: file).standardizedFileURL.resolvingSymlinksInPath().path(percentEncoded: false)
    }
}
