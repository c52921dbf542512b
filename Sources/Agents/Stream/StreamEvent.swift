/// A `stream_event` record: what the service said of a response that is still running.
enum StreamEvent: Sendable, Equatable {
    /// The response began; the delay is how long before that its request was sent, by the agent's own clock.
    case messageStart(id: String?, model: String?, usage: TokenCounts?, delay: Duration?)
    /// The counts so far, the output among them; with a reason to stop they are final, and the response is complete.
    case messageDelta(id: String?, usage: TokenCounts?, stopReason: String?)
    /// A piece of the response, which a whole record will repeat.
    case piece
    /// A sign that the connection stands, or nothing that we know: it does not tell that the model is at work.
    case ping
}

extension StreamEvent {
    init(_ value: JSONValue) {
        let event = value["event"] ?? .null
        switch event["type"]?.string {
        case "message_start":
            let message = event["message"] ?? .null
            self = .messageStart(
                id: message["id"]?.string,
                model: message["model"]?.string,
                usage: TokenCounts(message["usage"]),
                delay: value["ttft_ms"]?.double.map { .milliseconds(min(max(0, $0), 1e9)) }
            )
        case "message_delta":
            self = .messageDelta(
                id: value["api_message_id"]?.string,
                usage: TokenCounts(event["usage"]),
                stopReason: event["delta"]?["stop_reason"]?.string
            )
        case "content_block_start", "content_block_delta", "content_block_stop", "message_stop":
            self = .piece
        default:
            self = .ping
        }
    }
}
