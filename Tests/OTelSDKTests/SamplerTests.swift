import Instrumentation
import Testing
import Tracing

@testable import OTelSDK

@Suite("A sampler decides once, at the start of a span")
struct SamplerTests {
    private static let onlyRemote = Sampler.parentBased(
        root: .alwaysOn,
        remoteParentSampled: .alwaysOff,
        remoteParentNotSampled: .alwaysOn,
        localParentSampled: .alwaysOff,
        localParentNotSampled: .alwaysOn
    )

    /// Sampler, whether the parent is sampled, whether it is remote, and what is decided.
    private static let decisions: [(Sampler, Bool?, Bool, Bool)] = [
        (.parentBased(root: .alwaysOff), nil, false, false),
        (.parentBased(root: .alwaysOff), true, true, true),
        (.parentBased(root: .alwaysOff), true, false, true),
        (.parentBased(root: .alwaysOn), false, true, false),
        (.parentBased(root: .alwaysOn), false, false, false),
        (onlyRemote, nil, false, true),
        (onlyRemote, true, true, false),
        (onlyRemote, true, false, false),
        (onlyRemote, false, true, true),
        (onlyRemote, false, false, true),
        // A ratio does not look at the parent.
        (.parentBased(root: .alwaysOn, remoteParentSampled: .traceIDRatio(0)), true, true, false),
    ]

    @Test("A parent-based sampler has a delegate for each kind of parent", arguments: decisions)
    func delegates(sampler: Sampler, parentIsSampled: Bool?, isRemote: Bool, expected: Bool) {
        #expect(
            sampler.samples(randomness: 1, parentIsSampled: parentIsSampled, parentIsRemote: isRemote) == expected
        )
    }

    @Test("The tracer tells its sampler where the parent is")
    func tracerAsks() {
        let sampler = Sampler.parentBased(root: .alwaysOn, remoteParentSampled: .alwaysOff)
        let otel = OTel.stub(.stub { $0.sampler = sampler }, FakeCollector())
        var context = ServiceContext.topLevel
        otel.tracer.extract(["TRACEPARENT": PropagationTests.valid], into: &context, using: EnvironmentCarrier())
        #expect(!otel.tracer.startSpan("remote parent", context: context).isRecording)
        let root = otel.tracer.startSpan("root", context: .topLevel)
        #expect(root.isRecording)
        #expect(otel.tracer.startSpan("local parent", context: root.context).isRecording)
    }

    @Test(
        "A ratio that is no share is the nearest one",
        arguments: [(-1.0, false), (2.0, true), (Double.nan, false), (Double.infinity, true)]
    )
    func oddRatio(ratio: Double, expected: Bool) {
        #expect(Sampler.traceIDRatio(ratio).samples(randomness: 5, parentIsSampled: nil) == expected)
    }

    @Test("A sampler is described as the specification has it")
    func descriptions() {
        #expect("\(Sampler.alwaysOn) \(Sampler.alwaysOff)" == "AlwaysOnSampler AlwaysOffSampler")
        #expect("\(Sampler.traceIDRatio(0.25))" == "TraceIdRatioBased{0.25}")
        #expect(
            "\(Sampler.parentBased(root: .traceIDRatio(0.5)))"
                == "ParentBased{root=TraceIdRatioBased{0.5},remoteParentSampled=AlwaysOnSampler,"
                + "remoteParentNotSampled=AlwaysOffSampler,localParentSampled=AlwaysOnSampler,"
                + "localParentNotSampled=AlwaysOffSampler}"
        )
    }
}
