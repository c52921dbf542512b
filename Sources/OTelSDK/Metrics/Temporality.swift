import OTLPWire

extension TemporalityPreference {
    /// What the points of an instrument count from (metrics/sdk_exporters/otlp.md, the table of preferences).
    func temporality(of kind: InstrumentKind) -> MetricRecord.Temporality {
        switch (self, kind) {
        case (.delta, .counter), (.delta, .observableCounter), (.delta, .histogram): .delta
        case (.lowMemory, .counter), (.lowMemory, .histogram): .delta
        default: .cumulative
        }
    }
}
