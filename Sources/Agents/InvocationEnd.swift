/// Our own record in an attempt's stream: here an invocation of the agent ended.
///
/// The runner writes it after each invocation, so that a replay can play them one by one and end each as it had ended.
package struct InvocationEnd: Sendable, Equatable {
    /// Which invocation of the attempt it was, from 1.
    package var number: Int
    /// The exit code of the agent's process, 128 plus the signal's number if a signal ended it.
    package var exitCode: Int32
    /// Why the runner stopped it, as the raw word of the cause; nil if it did not.
    package var stop: String?

    package init(number: Int, exitCode: Int32, stop: String? = nil) {
        self.number = number
        self.exitCode = exitCode
        self.stop = stop
    }

    /// What our own records have in `type`.
    static let type = "orchestrator"
    private static let subtype = "invocation_end"

    /// The record as one line of JSON, its end included.
    package var line: [UInt8] {
        let value = JSONValue.object([
            JSONValue.Member(name: "type", value: .string(Self.type)),
            JSONValue.Member(name: "subtype", value: .string(Self.subtype)),
            JSONValue.Member(name: "number", value: .number(String(number))),
            JSONValue.Member(name: "exit_code", value: .number(String(exitCode))),
            JSONValue.Member(name: "stop", value: stop.map(JSONValue.string) ?? .null),
        ])
        return Array(value.text.utf8) + [0x0A]
    }

    /// Reads the record of a line; nil if the line is anything else.
    package init?(line: [UInt8]) {
        guard line.count < 4096, let value = try? JSONParser.value(of: line) else { return nil }
        self.init(value)
    }

    /// The record in a value, or nil if it holds another one.
    init?(_ value: JSONValue) {
        guard value["type"]?.string == Self.type, value["subtype"]?.string == Self.subtype,
            let number = value["number"]?.integer, let code = value["exit_code"]?.integer.flatMap(Int32.init(exactly:))
        else { return nil }
        self.init(number: number, exitCode: code, stop: value["stop"]?.string)
    }
}
