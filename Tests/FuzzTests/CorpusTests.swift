import FoundationEssentials
import Testing

@Suite("Bytes that fuzzing found to be interesting", .timeLimit(.minutes(1)))
struct CorpusTests {
    private static let corpus = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/Corpus"

    @Test("All that reads foreign bytes comes back from every one of them", arguments: FuzzTarget.all.map(\.name))
    func replay(name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        let folder = "\(Self.corpus)/\(name)"
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(!files.isEmpty)
        for file in files {
            target.run([UInt8](try Data(contentsOf: URL(filePath: "\(folder)/\(file)"))))
        }
        target.run([])
    }

    @Test("Every folder belongs to something that still exists")
    func folders() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.corpus)
        #expect(Set(folders) == Set(FuzzTarget.all.map(\.name)))
    }
}
