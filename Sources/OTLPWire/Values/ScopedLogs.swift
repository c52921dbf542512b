/// The log records that one library made.
package struct ScopedLogs: Sendable, Hashable {
    package var scope: InstrumentationScope
    package var records: [LogRecord]

    package init(scope: InstrumentationScope, records: [LogRecord]) {
        self.scope = scope
        self.records = records
    }
}
