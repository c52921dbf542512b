import Tracing

/// The spans of checks, by the telemetry contract of DESIGN.md: one for each, with its true start and end.
struct CheckSpans: Sendable {
    let tracer: any Tracer
    let parent: ServiceContext

    /// Records a check that ends now.
    func record(_ check: CheckResult) {
        guard check.outcome != .notRun || check.seconds > 0 else { return }
        let now = DefaultTracerClock.now.nanosecondsSinceEpoch
        let length = UInt64(max(0, check.seconds) * 1e9)
        let start = SpanInstant(nanosecondsSinceEpoch: now > length ? now - length : now)
        let span = tracer.startSpan("orchestrator.check \(check.kind.rawValue)", context: parent, at: start)
        span.updateAttributes { attributes in
            attributes["check.kind"] = check.kind.rawValue
            attributes["check.text"] = String(check.text.prefix(1000))
            attributes["check.command"] = check.command.map { String($0.prefix(1000)) }
            attributes["check.line"] = check.line
            attributes["check.passed"] = check.outcome == .passed
            attributes["process.exit.code"] = check.exitCode.map(Int.init)
        }
        if check.outcome == .failed {
            span.attributes["error.type"] = "check_failed"
            span.setStatus(SpanStatus(code: .error, message: check.explanation))
        }
        span.end(at: SpanInstant(nanosecondsSinceEpoch: now))
    }
}

extension Span {
    /// What all checks together came to.
    func record(_ verification: Verification) {
        updateAttributes { attributes in
            attributes["task.verdict"] = verification.verdict.rawValue
            attributes["checks.passed"] = verification.checks.count { $0.outcome == .passed }
            attributes["checks.failed"] = verification.failures.count
            attributes["checks.not_run"] = verification.checks.count { $0.outcome == .notRun }
            attributes["criteria.unchecked"] = verification.unchecked.count
        }
        if verification.verdict == .failed {
            attributes["error.type"] = "check_failed"
            setStatus(SpanStatus(code: .error, message: verification.contradiction))
        }
    }
}
