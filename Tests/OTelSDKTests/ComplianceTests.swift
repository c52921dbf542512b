import Testing

@testable import OTelSDK

/// The article `Compliance` has a row for each rule, which names the tests that prove it.
@Suite("What the article on compliance claims is so")
struct ComplianceTests {
    struct Row {
        var number: Int
        var state: String
        var proof: String

        /// The names between backticks.
        var tests: [String] {
            proof.split(separator: "`", omittingEmptySubsequences: false).enumerated()
                .filter { $0.offset % 2 == 1 }.map { String($0.element) }
        }
    }

    static let states: Set = ["yes", "partly", "no"]

    private func rows() throws -> [Row] {
        try SourceTree.text("Sources/OTelSDK/OTelSDK.docc/Compliance.md").split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map { cell in
                String(cell).trimmed
            }
            guard cells.count == 6, let number = Int(cells[1]) else { return nil }
            return Row(number: number, state: cells[3], proof: cells[4])
        }
    }

    /// The names of all tests of the three targets and of what they share.
    private func testNames() throws -> Set<String> {
        var names: Set<String> = []
        for folder in ["Tests/GRPCTransportTests", "Tests/OTLPWireTests", "Tests/OTelSDKTests"] {
            for file in try SourceTree.files(in: folder, ending: ".swift") {
                for match in try SourceTree.text(file).matches(of: /@Test\(\s*"((?:[^"\\]|\\.)*)"/) {
                    names.insert(String(match.output.1))
                }
            }
        }
        return names
    }

    @Test("Every rule has its row, in order")
    func complete() throws {
        #expect(try rows().map(\.number) == Array(1...102))
    }

    @Test("A row says yes, partly or no; yes and partly name a test that exists, partly and no what is missing")
    func proven() throws {
        let names = try testNames()
        #expect(names.contains("Every rule has its row, in order"))
        for row in try rows() {
            #expect(Self.states.contains(row.state), "rule \(row.number)")
            for test in row.tests { #expect(names.contains(test), "rule \(row.number): there is no test \"\(test)\"") }
            #expect(row.state == "no" || !row.tests.isEmpty, "rule \(row.number) names no test")
            let words = row.tests.reduce(row.proof) { $0.replacing("`\($1)`", with: "") }.replacing("<br>", with: "")
                .trimmed
            #expect(row.state == "yes" || !words.isEmpty, "rule \(row.number) does not say what is missing")
        }
    }

    @Test("The example server in the article is the one that is built")
    func example() throws {
        let article = try SourceTree.text("Sources/OTelSDK/OTelSDK.docc/ExampleServer.md")
        for file in ["ExampleServer", "OrderServer"] {
            let source = try SourceTree.text("Tests/ExampleServer/\(file).swift")
            #expect(article.contains("```swift\n\(source)```"), "\(file).swift")
        }
    }

    @Test("Every variable that is tested stands in the article on configuration")
    func variables() throws {
        let article = try SourceTree.text("Sources/OTelSDK/OTelSDK.docc/Configuration.md")
        for variable in VariableTests.variables {
            let general = ["TRACES_", "METRICS_", "LOGS_"].reduce(variable.name) {
                $0.replacing("OTEL_EXPORTER_OTLP_\($1)", with: "OTEL_EXPORTER_OTLP_")
            }
            #expect(article.contains("`\(variable.name)`") || article.contains("`\(general)`"), "\(variable.name)")
        }
    }

    @Test("Every public declaration is documented")
    func documented() throws {
        for file in try SourceTree.files(in: "Sources/OTelSDK", ending: ".swift") {
            let lines = try SourceTree.text(file).split(separator: "\n", omittingEmptySubsequences: false)
            for (number, line) in lines.enumerated() {
                let words = String(line).trimmed
                guard words.hasPrefix("public "), !words.hasPrefix("public import") else { continue }
                let before = lines[..<number].reversed().first { !String($0).trimmed.hasPrefix("@") } ?? ""
                #expect(String(before).trimmed.hasPrefix("///"), "\(file):\(number + 1)")
            }
        }
    }
}
