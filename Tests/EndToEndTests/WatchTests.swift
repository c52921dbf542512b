import Foundation
import Testing

@Suite("Watching what others send", .timeLimit(.minutes(4)))
struct WatchTests {
    /// A receiver at work on a free port.
    private struct Watch {
        let program: Program
        let url: String

        init(in place: Place, _ more: [String] = []) async throws {
            let program = try place.start(["watch", "--listen", "127.0.0.1:0"] + more)
            self.program = program
            url = try await eventually("watch to listen") {
                program.writtenSoFar.firstMatch(of: #/listening on (http://127\.0\.0\.1:\d+) /#).map { String($0.1) }
            }
        }

        var port: String { String(url.split(separator: ":").last ?? "") }

        /// Ends it as a person does.
        func end(_ signal: Int32 = SIGINT) async throws -> Program.End {
            program.send(signal: signal)
            let end = try await program.end(within: .seconds(30))
            #expect(end.code == 0 && !end.isBySignal, "\(end.errors)")
            return end
        }
    }

    private func place() throws -> Place { try Place(collector: nil) }

    @Test("A task's spans and metrics are a line each, with the sum at the end", arguments: [SIGINT, SIGTERM])
    func text(signal: Int32) async throws {
        let place = try place()
        let watch = try await Watch(in: place)
        let run = try await place.replay("failed", environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": watch.url])
        #expect(run.code == 1)
        let end = try await watch.end(signal)
        let lines = end.output.split(separator: "\n").map(String.init)
        let clock = #/^\d\d:\d\d:\d\d\.\d{3}  orchestrator +(span|metric) +/#
        #expect(!lines.isEmpty && lines.allSatisfy { $0.contains(clock) }, "\(end.output)")
        let spans = lines.filter { $0.contains(#/  orchestrator +span /#) }
        let failed = spans.count { $0.contains("✘") }
        #expect(spans.count >= 4 && failed >= 2, "\(end.output)")
        #expect(spans.contains { $0.contains(#/ orchestrator\.task  [\d.]+ m?s  ✘ claimed_failed  .*task\.id=1\.1/#) })
        #expect(
            lines.contains { $0.contains(#/metric +orchestrator_tasks_total  0 task  status=completed/#) },
            "\(lines)"
        )
        #expect(!end.output.contains("\u{1B}"))
        let points = lines.count - spans.count
        let sum =
            "received \(spans.count) spans (\(failed) errors), \(points) metric points, 0 log records from 1 service."
        #expect(end.errors.contains(sum), "\(end.errors)")
    }

    @Test("JSON lines are OTLP, as another decoder of it says")
    func json() async throws {
        let place = try place()
        let watch = try await Watch(in: place, ["--json"])
        _ = try await place.replay("hello_world", environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": watch.url])
        let end = try await watch.end()
        #expect(end.output.hasSuffix("\n"))
        var names: [String] = []
        for line in end.output.split(separator: "\n") {
            let kind = line.hasPrefix(#"{"resourceSpans""#) ? "trace_request" : "metrics_request"
            let script =
                "import subprocess, sys; sys.exit(subprocess.run([sys.executable, sys.argv[1], 'line', sys.argv[2]], input=sys.argv[3].encode()).returncode)"
            let judged = try await place.python(
                script,
                ["\(Equipment.root)/Tests/Support/otlp_json.py", kind, String(line)]
            )
            #expect(judged.code == 0, "\(judged.errors)")
            for resource in try judged.json["resource_spans"].array + judged.json["resource_metrics"].array {
                for scope in resource["scope_spans"].array + resource["scope_metrics"].array {
                    names += (scope["spans"].array + scope["metrics"].array).compactMap { $0["name"].string }
                }
            }
        }
        #expect(names.contains("orchestrator.task") && names.contains("orchestrator_tasks_total"), "\(names)")
        #expect(!end.output.contains("listening"))
    }

    @Test("Many senders at once, compressed too; what is malformed, unknown or too large is refused and said")
    func foreign() async throws {
        let place = try place()
        let watch = try await Watch(in: place)
        let script = """
            import concurrent.futures, grpc, sys
            from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as traces
            from opentelemetry.proto.collector.logs.v1 import logs_service_pb2 as logs
            def call(path, payload, gzip=False):
                kind = grpc.Compression.Gzip if gzip else grpc.Compression.NoCompression
                with grpc.insecure_channel("127.0.0.1:" + sys.argv[1], compression=kind) as channel:
                    method = channel.unary_unary(path, lambda b: b, lambda b: b)
                    try:
                        method(payload, timeout=30)
                        return "OK"
                    except grpc.RpcError as error:
                        return error.code().name
            TRACES = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
            LOGS = "/opentelemetry.proto.collector.logs.v1.LogsService/Export"
            def spans(sender):
                request = traces.ExportTraceServiceRequest()
                resource = request.resource_spans.add()
                service = resource.resource.attributes.add(key="service.name")
                service.value.string_value = f"sender-{sender}"
                for i in range(50):
                    span = resource.scope_spans.add().spans.add(name=f"work {sender}.{i} \\x1b[2J\\n\\u202e", kind=1)
                    span.trace_id, span.span_id = bytes([1] * 16), bytes([1] * 8)
                    span.start_time_unix_nano, span.end_time_unix_nano = 10**18, 10**18 + 1500000
                return request.SerializeToString()
            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                jobs = [pool.submit(call, TRACES, spans(i % 8), i % 2 == 0) for i in range(32)]
                print(sorted({job.result() for job in jobs}))
            record = logs.ExportLogsServiceRequest()
            entry = record.resource_logs.add().scope_logs.add().log_records.add(severity_number=17, time_unix_nano=10**18)
            entry.body.string_value = "it \\x1b]0;owned\\x07 broke"
            print(call(LOGS, record.SerializeToString()), call(TRACES, b"\\xff\\xff\\xff"), call("/a.B/C", b""),
                call(TRACES, bytes(65 << 20)))
            """
        let sent = try await place.python(script, [watch.port])
        #expect(
            sent.output == "['OK']\nOK INVALID_ARGUMENT UNIMPLEMENTED RESOURCE_EXHAUSTED\n",
            "\(sent.output)\(sent.errors)"
        )
        let end = try await watch.end()
        let lines = end.output.split(separator: "\n").map(String.init)
        #expect(lines.count == 32 * 50 + 1, "\(lines.count)")
        for sender in 0..<8 {
            #expect(lines.count { $0.contains("  sender-\(sender)") && $0.contains("work \(sender).") } == 200)
        }
        #expect(lines.last?.contains("log    it ␛]0;owned␇ broke  ✘ ERROR") == true, "\(lines.last ?? "")")
        #expect(lines.last?.contains("unknown_service") == true)
        #expect(!(end.output + end.errors).contains(#/[\u{1B}\u{7}\u{7F}\u{202E}]/#))
        #expect(
            end.errors.contains("refused (INVALID_ARGUMENT): the request for traces is malformed: "),
            "\(end.errors)"
        )
        #expect(end.errors.contains("refused (UNIMPLEMENTED): /a.B/C"), "\(end.errors)")
        #expect(
            end.errors.contains(
                "received 1600 spans, 0 metric points, 1 log record from 9 services; 2 requests refused."
            )
        )
    }

    @Test("A port that is taken is said with the way out")
    func taken() async throws {
        let place = try place()
        let watch = try await Watch(in: place)
        let second = try await place.run(["watch", "--listen", "127.0.0.1:\(watch.port)"])
        #expect(second.code == 69)
        #expect(second.errors.contains("annot listen on 127.0.0.1:\(watch.port)"), "\(second.errors)")
        #expect(second.errors.contains("--listen 127.0.0.1:0 takes a free port"))
        _ = try await watch.end()
        for wrong in ["nowhere", "127.0.0.1:99999", ":4317", "[::1:4317"] {
            #expect(try await place.run(["watch", "--listen", wrong]).code == 64, "\(wrong)")
        }
        #expect(try await place.run(["watch", "--listen", "192.0.2.1:0"]).code == 69)
    }

    @Test("It ends quietly when its reader is gone, as with `| head -n 1`")
    func readerGone() async throws {
        let place = try place()
        let script = #"env --default-signal=PIPE "$0" watch --listen 127.0.0.1:0 | head -n 1; exit "${PIPESTATUS[0]}""#
        let program = try Program(
            "/bin/bash",
            ["-c", script, Equipment.orchestrator],
            environment: place.environment,
            directory: place.directory,
            files: place.directory
        )
        let url = try await eventually("watch to listen") {
            program.writtenSoFar.firstMatch(of: #/listening on (\S+) /#).map { String($0.1) }
        }
        _ = try await place.replay("hello_world", environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": url])
        // The pipe may have taken the first lines whole.
        _ = try await place.replay(
            "hello_world",
            environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": url, "ORCHESTRATOR_TELEMETRY_TIMEOUT": "1s"]
        )
        let end = try await program.end(within: .seconds(30))
        #expect(end.code == 0, "\(end.errors)")
        #expect(end.output.split(separator: "\n").count == 1)
        #expect(!end.errors.contains("bug") && !end.errors.contains("received"), "\(end.errors)")
    }

    @Test("The real Claude Code's spans, metrics and events are lines that a person can read")
    func claude() async throws {
        let place = try place()
        let watch = try await Watch(in: place)
        let model = try await Model("hello_world", in: place)
        let agent = try Program(
            Equipment.claude,
            ["-p", "Say hello.", "--output-format", "json", "--allowedTools", "Write"],
            environment: [
                "PATH": "/usr/bin:/bin", "HOME": place.directory + "/home", "ANTHROPIC_API_KEY": "sk-ant-test-x",
                "ANTHROPIC_BASE_URL": model.server.url, "DISABLE_TELEMETRY": "1", "DISABLE_ERROR_REPORTING": "1",
                "CLAUDE_CODE_ENABLE_TELEMETRY": "1", "CLAUDE_CODE_ENHANCED_TELEMETRY_BETA": "1",
                "OTEL_METRICS_EXPORTER": "otlp", "OTEL_LOGS_EXPORTER": "otlp", "OTEL_TRACES_EXPORTER": "otlp",
                "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", "OTEL_EXPORTER_OTLP_ENDPOINT": watch.url,
            ],
            directory: place.workspace,
            files: place.directory
        )
        let done = try await agent.end(within: .seconds(120))
        #expect(done.code == 0, "\(done.output)\(done.errors)")
        let end = try await watch.end()
        for expected in [
            #/  claude-code +span +claude_code\.interaction  [\d.]+ m?s/#,
            #/  claude-code +span +claude_code\.llm_request  [\d.]+ m?s  .*input_tokens=/#,
            #/  claude-code +metric +claude_code\.token\.usage  \+\d+ tokens  .*type=output/#,
            #/  claude-code +log +user_prompt  /#, #/  claude-code +log +api_request  .*cost_usd=/#,
        ] as [Regex<Substring>] {
            #expect(end.output.contains(expected), "\(end.output)")
        }
        #expect(!end.output.contains("user.id=") && !end.output.contains("session.id="))
        #expect(!end.errors.contains("refused"), "\(end.errors)")
        #expect(end.errors.contains("from 1 service"))
    }
}
