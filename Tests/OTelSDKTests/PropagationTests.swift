import Instrumentation
import OTLPWire
import Testing
import Tracing

@testable import OTelSDK

@Suite("Context crosses process borders")
struct PropagationTests {
    static let valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    @Test(
        "A traceparent is read exactly as Level 2 asks",
        arguments: [
            (valid, true),
            ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03", true),
            ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff", true),
            ("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true),
            ("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-the-future-brings", true),
            ("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.what", false),
            ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", false),
            ("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false),
            ("00-00000000000000000000000000000000-b7ad6b7169203331-01", false),
            ("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", false),
            ("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", false),
            ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0G", false),
            ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", false),
            ("00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01", false),
            ("0X-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false),
            ("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-", true),
            ("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0", false),
            // Two headers that a carrier joined.
            ("\(valid),\(valid)", false),
            ("", false),
            ("\u{1F600}\u{1F600}-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false),
        ]
    )
    func readsTraceParent(text: String, isValid: Bool) {
        #expect((TraceParent.parse(text) != nil) == isValid)
    }

    @Test("The fields of a traceparent come out as they went in")
    func keepsFields() throws {
        let parent = try #require(TraceParent.parse(Self.valid))
        let context = OTelSpanContext(trace: parent.trace, span: parent.span, flags: 0xFF)
        #expect(context.traceID == "0af7651916cd43dd8448eb211c80319c")
        #expect(context.spanID == "b7ad6b7169203331")
        // Flags that Level 2 does not know are not sent on.
        #expect(TraceParent.format(context) == "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03")
    }

    static let longKey = String(repeating: "k", count: 256) + "=v"
    static let longValue = "k=" + String(repeating: "v", count: 256)
    static let traceStates: [(String, String?)] = [
        ("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"),
        (" a=1 , b=2 ", "a=1,b=2"),
        ("a=1,,b=2", "a=1,b=2"),
        ("fw529a3039@dt=FfAAA", "fw529a3039@dt=FfAAA"),
        ("a=1,b=3,a=2", "a=1,b=3"),
        ("1a_-*/@=x", "1a_-*/@=x"),
        (longKey, longKey),
        ("k" + longKey, nil),
        (longValue, longValue),
        (longValue + "v", nil),
        ("a= 1 x\t", "a= 1 x"),
        ("a=1\tx", nil),
        ("@a=1", nil),
        ("a =1", nil),
        ("A=1", nil),
        ("a", nil),
        ("a=", nil),
        ("a=1=2", nil),
        ("a=\u{E9}", nil),
        ("", nil),
    ]

    @Test("A tracestate is handed on if it follows the grammar", arguments: traceStates)
    func readsTraceState(text: String, expected: String?) {
        #expect(TraceState.validated(text) == expected)
    }

    @Test("A tracestate has 32 members at most")
    func boundsTraceState() {
        let members = (0..<33).map { "k\($0)=v" }
        #expect(TraceState.validated(members.prefix(32).joined(separator: ",")) != nil)
        #expect(TraceState.validated(members.joined(separator: ",")) == nil)
    }

    @Test("A broken tracestate does not touch the traceparent, and without one it is not read")
    func tracestateIsSecondary() {
        let propagation = ContextPropagation(formats: [.tracecontext])
        var context = ServiceContext.topLevel
        propagation.extract(
            ["TRACEPARENT": Self.valid, "TRACESTATE": "A=1"],
            into: &context,
            using: EnvironmentCarrier()
        )
        #expect(context.spanContext?.traceID == "0af7651916cd43dd8448eb211c80319c")
        #expect(context.spanContext?.traceState == "")
        #expect(context.spanContext?.isRemote == true)

        var other = ServiceContext.topLevel
        propagation.extract(["TRACESTATE": "a=1"], into: &other, using: EnvironmentCarrier())
        #expect(other.spanContext == nil)
    }

    @Test("What cannot be read leaves the context as it was")
    func keepsContext() {
        let propagation = ContextPropagation(formats: [.tracecontext, .baggage])
        var context = ServiceContext.topLevel
        propagation.extract(["TRACEPARENT": Self.valid], into: &context, using: EnvironmentCarrier())
        let before = context.spanContext
        propagation.extract(
            ["TRACEPARENT": "nonsense", "BAGGAGE": ";;;"],
            into: &context,
            using: EnvironmentCarrier()
        )
        #expect(before != nil && context.spanContext == before)
    }

    @Test("Baggage keeps values of any text and its properties")
    func keepsBaggage() throws {
        var baggage = Baggage()
        baggage["user"] = "J\u{FC}rgen, \"100%\"; a=b \\ \u{0}"
        baggage.entries["plain"] = Baggage.Entry(value: "1", metadata: "ttl=5")
        let header = try #require(BaggageHeader.format(baggage))
        #expect(header.utf8.allSatisfy { (0x21...0x7E).contains($0) })
        #expect(header.hasPrefix("plain=1;ttl=5,user=J%C3%BCrgen%2C"))
        #expect(BaggageHeader.parse(header) == baggage)
    }

    @Test("Baggage of 64 members and 8192 bytes is read, and what is beyond is left out")
    func boundsReadBaggage() {
        let members = (0..<70).map { "k\($0)=v" }
        #expect(BaggageHeader.parse(members.joined(separator: ","))?.entries.count == 64)
        let big = "a=1,b=" + String(repeating: "x", count: 8186)
        #expect(BaggageHeader.parse(big)?["b"]?.count == 8186)
        #expect(BaggageHeader.parse(big + "x")?.entries.keys.sorted() == ["a"])
    }

    @Test("A value whose bytes are not UTF-8 is repaired")
    func repairsBaggage() {
        #expect(BaggageHeader.parse("a=x%FFy")?["a"] == "x\u{FFFD}y")
    }

    @Test("Baggage travels without a trace, and what was changed in a copy leaves the context as it was")
    func baggageAlone() {
        let propagation = ContextPropagation(formats: [.tracecontext, .baggage])
        var context = ServiceContext.topLevel
        context.baggage["user"] = "a"
        var copy = context.baggage
        copy["user"] = nil
        copy["late"] = "b"
        var carrier: [String: String] = [:]
        propagation.inject(context, into: &carrier, using: EnvironmentCarrier())
        #expect(carrier == ["BAGGAGE": "user=a"])
    }

    @Test("A broken member of baggage costs only itself")
    func skipsBrokenMembers() {
        let baggage = BaggageHeader.parse("a=1, no-value, b=%zz, =x, c = 3 ;p, sp ace=1")
        #expect(baggage?.entries.keys.sorted() == ["a", "c"])
        #expect(baggage?["c"] == "3")
        #expect(baggage?.entries["c"]?.metadata == "p")
    }

    @Test("Baggage of 64 members and 8192 bytes is written, and not more")
    func boundsBaggage() throws {
        var baggage = Baggage()
        for number in 0..<70 { baggage["k\(number)"] = "v" }
        #expect(try #require(BaggageHeader.format(baggage)).split(separator: ",").count == 64)
        baggage = Baggage()
        baggage["big"] = String(repeating: "x", count: 8188)
        #expect(BaggageHeader.format(baggage)?.utf8.count == 8192)
        baggage["bigger"] = String(repeating: "x", count: 8192)
        #expect(BaggageHeader.format(baggage)?.utf8.count == 8192)
    }

    @Test(
        "Environment names are normalised",
        arguments: [
            ("traceparent", "TRACEPARENT"), ("x-b3.id", "X_B3_ID"), ("1st", "_1ST"), ("", "_"), ("\u{E9}", "__"),
        ]
    )
    func normalisesNames(key: String, expected: String) {
        #expect(EnvironmentCarrier.variableName(key) == expected)
    }

    @Test("A carrier in the environment reads the normalised name alone, and hands values on as they are")
    func environmentCarrier() {
        let carrier = EnvironmentCarrier()
        #expect(carrier.extract(key: "traceparent", from: ["traceparent": "1", "TraceParent": "2"]) == nil)
        var environment = ["PATH": "/bin"]
        carrier.inject("any \n value", forKey: "x-b3.id", into: &environment)
        #expect(environment == ["PATH": "/bin", "X_B3_ID": "any \n value"])
    }

    @Test("A new trace says that its id is random; a child says what its parent said")
    func randomFlag() {
        let otel = OTel.stub(.stub(), FakeCollector())
        let root = otel.tracer.startSpan("root", context: .topLevel)
        #expect(root.spanContext.flags == 0x03)
        for (flags, expected) in [("00", UInt8(0x00)), ("01", 0x01), ("02", 0x02), ("03", 0x03), ("ff", 0x03)] {
            var context = ServiceContext.topLevel
            let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-\(flags)"
            otel.tracer.extract(["TRACEPARENT": parent], into: &context, using: EnvironmentCarrier())
            #expect(otel.tracer.startSpan("child", context: context).spanContext.flags == expected)
        }
    }

    @Test("A child process continues the trace that its environment names")
    func continuesTrace() async throws {
        let collector = FakeCollector()
        let otel = OTel.stub(.stub(), collector)
        var context = ServiceContext.topLevel
        otel.tracer.extract(
            ["TRACEPARENT": Self.valid, "TRACESTATE": "a=1", "BAGGAGE": "k=v"],
            into: &context,
            using: EnvironmentCarrier()
        )
        let span = otel.tracer.startSpan("child", context: context)
        var environment: [String: String] = [:]
        otel.tracer.inject(span.context, into: &environment, using: EnvironmentCarrier())
        span.end()
        await otel.shutdown()
        #expect(environment["TRACEPARENT"] == "00-0af7651916cd43dd8448eb211c80319c-\(span.spanID)-01")
        #expect(environment["TRACESTATE"] == "a=1")
        #expect(environment["BAGGAGE"] == "k=v")
        #expect(span.context.traceID == "0af7651916cd43dd8448eb211c80319c")
        let record = try #require(try collector.spans.first)
        #expect(record.parentSpanID?.hex == "b7ad6b7169203331")
        #expect(record.flags == 0x301)
        #expect(record.traceState == "a=1")
    }
}
