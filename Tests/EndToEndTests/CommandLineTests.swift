import Foundation
import Testing

@Suite("The command line", .timeLimit(.minutes(1)))
struct CommandLineTests {
    @Test("--help of every command shows examples", arguments: [[], ["task"], ["plan"], ["bundle"]])
    func help(_ command: [String]) async throws {
        let end = try await Place(collector: nil).run(command + ["--help"])
        #expect(end.code == 0)
        #expect(end.output.contains("  orchestrator \(command.first ?? "task") "), "\(end.output)")
        #expect(end.output.contains("Examples:"), "\(end.output)")
        #expect(end.errors == "")
    }

    @Test("--version prints a version and nothing else")
    func version() async throws {
        let end = try await Place(collector: nil).run(["--version"])
        #expect(end.code == 0)
        #expect(end.output.wholeMatch(of: /orchestrator \d+\.\d+\.\d+\n/) != nil, "\(end.output)")
    }

    @Test("Shells get a completion script", arguments: ["bash", "zsh", "fish"])
    func completions(_ shell: String) async throws {
        let end = try await Place(collector: nil).run(["--generate-completion-script", shell])
        #expect(end.code == 0)
        #expect(end.output.contains("orchestrator"))
        #expect(end.output.contains("trust-workspace"))
    }

    @Test("`plan` lists tasks for a person and for a program, and leaves no state behind")
    func plan() async throws {
        let place = try Place(collector: nil)
        let text = try await place.run(["plan", Equipment.plan("health_check.md")])
        #expect(text.code == 0)
        #expect(text.output.contains(/1\.1 +Create health module/), "\(text.output)")
        let json = try await place.run(["plan", Equipment.plan("health_check.md"), "--json"]).json
        #expect(json.keys == ["milestone", "tasks", "complaints"])
        #expect(json["tasks"].array.map { $0["id"].string } == ["1.1", "1.2", "1.3"])
        #expect(json["tasks"].array.map { $0["criteria"].array.count } == [3, 3, 2])
        #expect(json["tasks"].array.map { $0["depends_on"] }.last != .null)
        #expect(
            json["tasks"].array.first?.keys
                == ["id", "title", "files", "description", "criteria", "depends_on", "line"]
        )
        #expect(!FileManager.default.fileExists(atPath: place.state))
    }

    @Test("`plan` tells a plan that cannot be run by code 65, with file and line")
    func unusablePlan() async throws {
        let place = try Place(collector: nil)
        let plan = try place.write("# M\n\nNothing to do.\n", to: "plan.md")
        let text = try await place.run(["plan", plan])
        #expect(text.code == 65)
        #expect((text.output + text.errors).contains(/plan\.md:\d+:/), "\(text.output)\(text.errors)")
        let program = try await place.run(["plan", plan, "--json"])
        #expect(program.code == 65)
        #expect(try program.json["complaints"].array.first?["message"].string?.isEmpty == false)
    }
}
