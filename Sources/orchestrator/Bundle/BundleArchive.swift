import Foundation
import Runner
import Sandbox
import SystemPackage

/// The file that a bundle becomes: made by `tar` under another name, and there as a whole or not at all.
struct BundleArchive: Sendable {
    private let file: OutputFile
    private let tar: String
    private let environment: [String: String]

    /// How long `tar` may take.
    private static let patience = Duration.seconds(1800)

    /// - Throws: ``PreparationError`` if the file is there and not to be replaced, or if there is no `tar`.
    init(path: String, replaces: Bool, environment: [String: String]) throws {
        guard let tar = HostExecutable.find("tar", in: environment) else {
            throw PreparationError(
                exitCode: .unavailable,
                message: "tar, which packs the bundle, is not on PATH.",
                remedy: "install tar"
            )
        }
        file = try OutputFile(path: path, replaces: replaces, kind: "bundle")
        self.tar = tar
        self.environment = environment
    }

    /// The file as the user named it.
    var path: String { file.path }

    /// Packs a stage.
    ///
    /// - Returns: The archive's size in bytes.
    /// - Throws: ``PreparationError`` naming the file, or `CancellationError`.
    func pack(_ stage: BundleStage) async throws -> Int {
        try await file.fill { try await tar(stage, into: $0) }
    }

    private func tar(_ stage: BundleStage, into target: PrivateFile) async throws {
        let command = HostCommand(
            executable: tar,
            arguments: ["-czf", "-"] + stage.arguments,
            environment: environment,
            output: .file(target.descriptor)
        )
        let ending: HostCommand.Ending
        do {
            ending = try await command.run(within: Self.patience)
        } catch let failure as HostCommand.Failure {
            throw PreparationError(exitCode: .unavailable, message: "tar could not pack the bundle: \(failure).")
        }
        guard ending.code == 0 else {
            let reason = ending.lastWords.map { ": \($0)" } ?? ""
            throw file.unwritable("tar failed with exit code \(ending.code)\(reason)")
        }
    }
}
