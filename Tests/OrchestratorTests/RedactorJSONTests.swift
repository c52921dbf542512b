import Foundation
import Testing

@testable import orchestrator

@Suite("Redactor on JSON")
struct RedactorJSONTests {
    /// Numbers that look random and are the same in every run.
    struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let mixed = (state ^ (state >> 33)) &* 0xFF51_AFD7_ED55_8CCD
            return mixed ^ (mixed >> 33)
        }
    }

    private static let marker = "Zq7Zq7Zq7Zq7Zq7Zq7Zq7"

    /// A piece of text with the marker in it as a secret, or one without.
    private func piece(_ dice: inout Dice) -> String {
        let secret = Self.marker
        return [
            "sk-ant-api03-\(secret)", "Bearer \(secret)", "API_KEY=\(secret)", "PASSWORD=\"a \\ \" \(secret)",
            "x:\"\(secret)\"",
            "MY_TOKEN='\(secret)' \"", "https://user:\(secret)@host/", "{\"api_key\": \"\(secret)\"}",
            "-----BEGIN PRIVATE KEY-----\n\(secret)\n-----END PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\n\(secret)",
            "{\"password\":\"\\\\\\\"\(secret)\\\\\"}", "\\", "\\\"", "\"", "'", "\n", "grün\u{1}", "/", "token:",
            "a=b", " ",
        ]
        .randomElement(using: &dice) ?? ""
    }

    private func json(_ value: Any) throws -> String {
        let options: JSONSerialization.WritingOptions = [.fragmentsAllowed, .sortedKeys]
        return String(decoding: try JSONSerialization.data(withJSONObject: value, options: options), as: UTF8.self)
    }

    /// A line of JSON whose strings hold secrets, and JSON with secrets, and so on.
    private func line(_ dice: inout Dice, depth: Int) throws -> String {
        var object: [String: Any] = ["number": 1, "flag": true, "nothing": NSNull()]
        for key in ["text", "api_key", "command"] {
            var text = ""
            for _ in 0..<Int.random(in: 0..<5, using: &dice) {
                let isNested = depth > 0 && Bool.random(using: &dice)
                text += isNested ? try line(&dice, depth: depth - 1) : piece(&dice)
            }
            object[key] = text
        }
        return try json(object)
    }

    @Test(
        "A line of JSON stays JSON, at any depth of JSON in JSON, and other keys keep their values",
        arguments: 0..<40
    )
    func valid(seed: UInt64) throws {
        var dice = Dice(state: seed)
        for _ in 0..<50 {
            let line = try line(&dice, depth: 2)
            var redactor = Redactor(known: KnownSecrets([Self.marker]))
            var output: [UInt8] = []
            var rest = Array(line.utf8)[...]
            while !rest.isEmpty {
                let length = Int.random(in: 1...40, using: &dice)
                output += redactor.append(rest.prefix(length))
                rest = rest.dropFirst(length)
            }
            output += redactor.finish()
            let text = String(decoding: output, as: UTF8.self)
            let object = try? JSONSerialization.jsonObject(with: Data(output)) as? [String: Any]
            #expect(object != nil, "\(line) became \(text)")
            #expect(object?["number"] as? Int == 1)
            #expect(Set(object?.keys.map { $0 } ?? []) == ["number", "flag", "nothing", "text", "api_key", "command"])
            #expect(!text.contains(Self.marker), "\(line) became \(text)")
        }
    }

    @Test("Without a known value every shape in every nesting is found by its shape alone", arguments: 0...3)
    func shapesAtDepth(depth: Int) throws {
        let texts = [
            "sk-ant-api03-\(Self.marker)", "Bearer \(Self.marker)", "API_KEY=\(Self.marker) b",
            "PASSWORD=\"a b \(Self.marker)\" c",
            "{\"api_key\": \"a \\\" b \(Self.marker)\", \"b\": \"c\"}", "https://user:\(Self.marker)@host/",
            "-----BEGIN PRIVATE KEY-----\n\(Self.marker)\n-----END PRIVATE KEY-----\n", "x\nghp_\(Self.marker)\n",
        ]
        for text in texts {
            var nested = text
            for _ in 0..<depth { nested = try json(["text": nested]) }
            var redactor = Redactor()
            var left = redactor.redact(nested)
            #expect(!left.contains(Self.marker), "\(nested) became \(left)")
            for _ in 0..<depth {
                let object = try JSONSerialization.jsonObject(with: Data(left.utf8)) as? [String: String]
                left = try #require(object?["text"])
            }
            #expect(left.contains("[redacted]"))
        }
    }
}
