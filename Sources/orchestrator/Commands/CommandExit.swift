import ArgumentParser
import Foundation
import Journal
import Runner

/// Runs a command's body and ends with the exit code that it returns; what it throws is told in a line or two.
///
/// The one place in which an error becomes an exit code.
func exitingWithCode(_ body: () async throws -> Runner.ExitCode) async throws {
    StopSignals.surviveGoneReaders()
    let code: Runner.ExitCode
    do {
        code = try await body()
    } catch let error as PreparationError {
        Console.complain(error.message, remedy: error.remedy)
        code = error.exitCode
    } catch let error as SettingsError {
        Console.complain(error.message, remedy: error.remedy)
        code = .usage
    } catch let error as RunLookupError {
        Console.complain(error.description)
        code = .usage
    } catch let error as JournalError {
        Console.complain(error.description)
        code = .usage
    } catch {
        Console.complain("This is a bug of orchestrator, please report it: \(error)")
        code = .internalError
    }
    throw ArgumentParser.ExitCode(code.rawValue)
}
