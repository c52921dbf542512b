import OTLPWire
import Testing

@Suite("Answers to an export")
struct ExportResponseTests {
    @Test(
        "The answer of each signal, written by opentelemetry-proto, gives what was rejected",
        arguments: [
            ("trace_response", "rejected_spans"), ("metrics_response", "rejected_data_points"),
            ("logs_response", "rejected_log_records"),
        ]
    )
    func eachSignal(message: String, field: String) throws {
        let judge = try PythonJudge()
        let json = #"{"partial_success": {"\#(field)": "7", "error_message": "no ünits"}}"#
        let partial = PartialSuccess(rejected: 7, message: "no ünits")
        #expect(try ExportResponse.decode(judge.bytes(of: json, as: message)) == partial)
        #expect(try judge.json(of: ExportResponse.encoded(partial), as: message) == PythonJudge.canonical(json))
        #expect(try ExportResponse.decode(judge.bytes(of: #"{"partial_success": {}}"#, as: message)) == nil)
        #expect(try ExportResponse.decode(judge.bytes(of: "{}", as: message)) == nil)
    }

    @Test("A message without a rejection is a warning; a rejection needs no message; negative numbers are kept")
    func corners() throws {
        for partial in [
            PartialSuccess(rejected: 0, message: "slow down"), PartialSuccess(rejected: 1, message: ""),
            PartialSuccess(rejected: -1, message: "?"), PartialSuccess(rejected: .max, message: "\0"),
        ] {
            #expect(try ExportResponse.decode(ExportResponse.encoded(partial)) == partial)
        }
        #expect(ExportResponse.encoded() == [])
        #expect(try ExportResponse.decode(ExportResponse.encoded(PartialSuccess(rejected: 0, message: ""))) == nil)
    }

    @Test("Unknown fields are passed over and a message that is not UTF-8 is repaired")
    func careless() throws {
        let unknown =
            WireBytes.tag(99, 0) + [5] + WireBytes.message(1000, [1, 2, 3]) + WireBytes.tag(7, 5) + [1, 2, 3, 4]
        let partial = unknown + WireBytes.tag(1, 0) + [2] + WireBytes.message(2, [0x61, 0xFF])
        let bytes = unknown + WireBytes.message(1, partial) + unknown
        #expect(try ExportResponse.decode(bytes) == PartialSuccess(rejected: 2, message: "a\u{FFFD}"))
    }
}
