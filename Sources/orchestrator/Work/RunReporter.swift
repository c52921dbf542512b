import Foundation
import Journal
import Runner

/// Tells of an attempt as it goes and at its end, in the form that was asked for: text, one JSON object, or JSON lines.
struct RunReporter: Sendable {
    private let console: Console
    private let output: OutputFlags
    private let identity: RunIdentity
    /// The part of the screen in which it is shown, where there is one.
    private let screen: LiveScreen?
    /// Where every call is told, if it is.
    private let log: EventLog?

    /// Takes the terminal, if there is one; ``stop()`` gives it back.
    init(console: Console, output: OutputFlags, order: AttemptOrder) {
        self.console = console
        self.output = output
        identity = order.identity
        let state = LiveState(task: order.taskID, limits: order.options.limits)
        screen = console.isLive ? LiveScreen(state, console: console) : nil
        log = output.detail == .verbose ? EventLog(console: console, showsTools: screen == nil) : nil
    }

    /// Tells what begins.
    func begin(_ preparation: TaskPreparation, _ order: AttemptOrder, _ forecast: Forecast? = nil) {
        var record = RunEventRecord.runStarted(preparation, order)
        record.forecast = forecast.map(ForecastRecord.init)
        write(record)
    }

    /// Tells what happens.
    func observe(_ event: RunEvent) async {
        if output.events {
            if let record = RunEventRecord(event) { write(record) }
        } else {
            console.print(event)
            log?.observe(event)
            screen?.observe(event)
        }
    }

    /// Gives the terminal back.
    func stop() async { await screen?.end() }

    /// Tells what came of it.
    func end(with result: TaskResult) throws {
        if output.events {
            var record = RunEventRecord("result")
            record.result = result
            write(record)
        } else if output.json {
            try console.printJSON(result)
        } else {
            console.print(result)
        }
    }

    private func write(_ record: RunEventRecord) {
        guard output.events else { return }
        var record = record
        record.runID = identity.runID
        record.attempt = identity.attemptNumber
        record.time = Date().inISO8601
        // A record of ours that cannot be encoded would be a bug; the stream of events goes on without it.
        try? console.printJSON(record)
    }
}
