import Foundation
import Testing

@Suite("Our .proto files")
struct ProtosTests {
    @Test("say what opentelemetry-proto's descriptors say")
    func schema() throws {
        let report = try PythonJudge().run(script: "protos_check.py", [])
        #expect(String(decoding: report, as: UTF8.self).contains("facts of 8 files agree"))
    }

    @Test("The comparison finds a changed number, type, label, name, enum value and reserved number")
    func comparisonFindsDifferences() throws {
        let copy = try Command.temporaryDirectory()
        defer { try? FileManager.default.removeItem(at: copy) }
        let protos = copy.appending(path: "Protos")
        try FileManager.default.copyItem(at: PythonJudge.root.appending(path: "Protos"), to: protos)
        let trace = protos.appending(path: "opentelemetry/proto/trace/v1/trace.proto")
        var text = try String(contentsOf: trace, encoding: .utf8)
        for (old, new) in [
            ("dropped_links_count = 14", "dropped_links_count = 17"), ("fixed64 end_time", "uint64 end_time"),
            ("repeated Link links", "Link links"), ("string trace_state = 3", "string state = 3"),
            ("SPAN_KIND_SERVER = 2", "SPAN_KIND_SERVER = 7"), ("reserved 1;", "reserved 9;"),
        ] {
            #expect(text.contains(old))
            text.replace(old, with: new)
        }
        try text.write(to: trace, atomically: true, encoding: .utf8)

        let failure = #expect(throws: PythonJudge.Failure.self) {
            try PythonJudge().run(script: "protos_check.py", [protos.path])
        }
        let report = try #require(failure).description
        for difference in [
            "number of opentelemetry.proto.trace.v1.Span.dropped_links_count: ours 17, opentelemetry-proto 14",
            "type of opentelemetry.proto.trace.v1.Span.end_time_unix_nano: ours TYPE_UINT64",
            "label of opentelemetry.proto.trace.v1.Span.links: ours LABEL_OPTIONAL",
            "field opentelemetry.proto.trace.v1.Span.trace_state: ours absent",
            "value opentelemetry.proto.trace.v1.Span.SpanKind.SPAN_KIND_SERVER: ours 7, opentelemetry-proto 2",
            "reserved of opentelemetry.proto.trace.v1.Status: ours [(9, 10)]",
        ] {
            #expect(report.contains(difference))
        }
    }

    @Test("give the C that is committed in Sources/COTLP")
    func generatedCodeIsCurrent() throws {
        let script = PythonJudge.root.appending(path: "Protos/generate.sh").path
        #expect(throws: Never.self) { try Command.run("/bin/sh", [script, "--check"]) }
    }

    @Test("generate.sh --check fails when a generated file was edited, and names it")
    func checkFindsAnEdit() throws {
        let copy = try Command.temporaryDirectory()
        defer { try? FileManager.default.removeItem(at: copy) }
        try FileManager.default.createDirectory(at: copy.appending(path: "Sources"), withIntermediateDirectories: true)
        for part in ["Protos", "Sources/COTLP"] {
            try FileManager.default.copyItem(
                at: PythonJudge.root.appending(path: part),
                to: copy.appending(path: part)
            )
        }
        let header = copy.appending(path: "Sources/COTLP/include/COTLP.h")
        try (String(contentsOf: header, encoding: .utf8) + "\n").write(to: header, atomically: true, encoding: .utf8)

        let failure = #expect(throws: PythonJudge.Failure.self) {
            try Command.run("/bin/sh", [copy.appending(path: "Protos/generate.sh").path, "--check"])
        }
        #expect(try #require(failure).description.contains("COTLP.h"))
    }
}
