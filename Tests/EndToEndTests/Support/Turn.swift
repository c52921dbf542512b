import Foundation

/// One answer of the scripted model; Tests/Support/scripted_model.py tells what each part means.
struct Turn: Encodable, Sendable {
    struct Tool: Encodable, Sendable {
        struct Input: Encodable, Sendable {
            var filePath: String?
            var content: String?
            var command: String?
            var timeout: Int?

            enum CodingKeys: String, CodingKey {
                case filePath = "file_path"
                case content, command, timeout
            }
        }

        var name: String
        var input: Input
    }

    var text: String?
    var tools: [Tool]?
    var fault: String?
    var status: Int?
    var times: Int?
    var message: String?
    var headers: [String: String]?

    /// What every turn costs: tokens of all kinds, and USD.
    static let tokens = 4780
    static let cost = 0.0215

    /// Says this; the session ends there.
    static func says(_ text: String) -> Self { Self(text: text) }

    /// Claims completion.
    static let complete = says("All done.\n\nSTATUS: complete")

    /// Asks the question of `Turn.question`.
    static let asks = says(
        """
        The task leaves open how the greeting is to be stored.

        STATUS: needs_human
        QUESTION: Which format shall the greeting file have?
        OPTIONS: A) plain text B) JSON C) YAML
        RECOMMENDATION: A, because nothing else in the workspace needs a parser.
        """
    )

    /// Writes a file of the workspace.
    static func writes(_ file: String, _ content: String) -> Self {
        Self(tools: [Tool(name: "Write", input: .init(filePath: "/workspace/" + file, content: content))])
    }

    /// Writes what hello_world.md asks for.
    static let writesHello = writes("hello.py", "print(\"Hello, World!\")\n")

    /// Runs a command in the agent's shell.
    static func runs(_ command: String) -> Self {
        Self(text: "I run it.", tools: [Tool(name: "Bash", input: .init(command: command, timeout: 600_000))])
    }

    /// Runs a command that says that it runs, by the file `ready`, and never ends.
    static let isBusy = runs("touch ready; while :; do sleep 1; done")

    /// Answers the first requests with an HTTP status; then the turn is left out.
    static func fails(_ status: Int, times: Int, message: String? = nil, headers: [String: String] = [:]) -> Self {
        Self(fault: "status", status: status, times: times, message: message, headers: headers)
    }

    /// Stands for the answer ("No response requested.") that Claude Code itself puts in where a session goes on after an
    /// interrupted tool call, so that turns are counted right; the model is not asked for it.
    static let unasked = says("This is never said.\n\nSTATUS: failed")

    /// The scenario of these turns, for the scripted model.
    static func scenario(_ turns: [Turn]) throws -> String {
        String(decoding: try JSONEncoder().encode(["turns": turns]), as: UTF8.self)
    }
}
