import FoundationEssentials

/// Files that the tests read.
enum Fixture {
    /// A file of `Fixtures`.
    static func bytes(_ name: String) throws -> [UInt8] {
        try read("Tests/PlansTests/Fixtures/\(name)")
    }

    /// A plan that is delivered with the product.
    static func testPlan(_ name: String) throws -> [UInt8] {
        try read("TestPlans/\(name)")
    }

    private static func read(_ path: String) throws -> [UInt8] {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return [UInt8](try Data(contentsOf: URL(filePath: "/\(root)/\(path)")))
    }
}
