internal import CNghttp2

/// One side of an HTTP/2 connection with no network in it: bytes in, events and bytes out.
///
/// Owns one `nghttp2_session` and belongs to one thread. Callbacks only record events, so nothing is ever called back
/// in the middle of nghttp2's work. After a throw the session is of no more use.
final class HTTP2Session {
    enum Role: Sendable {
        case client
        case server
    }

    private let session: OpaquePointer
    private let recorder: HTTP2Recorder

    /// Makes a session that has its settings ready to be sent.
    init(role: Role, settings: HTTP2Settings = HTTP2Settings()) throws(HTTP2Failure) {
        let callbacks = try HTTP2Callbacks.make()
        defer { nghttp2_session_callbacks_del(callbacks) }
        recorder = HTTP2Recorder()
        let context = Unmanaged.passUnretained(recorder).toOpaque()
        var created: OpaquePointer?
        let result =
            switch role {
            case .client: nghttp2_session_client_new(&created, callbacks, context)
            case .server: nghttp2_session_server_new(&created, callbacks, context)
            }
        try HTTP2Failure.check(result, "nghttp2_session_new")
        guard let created else {
            throw HTTP2Failure(code: Int(NGHTTP2_ERR_NOMEM.rawValue), function: "nghttp2_session_new")
        }
        session = created
        try submit(settings, role: role)
    }

    deinit { nghttp2_session_del(session) }

    private func submit(_ settings: HTTP2Settings, role: Role) throws(HTTP2Failure) {
        var entries = [
            setting(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, UInt32(settings.streamWindow)),
            setting(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, UInt32(HTTP2Recorder.headerBlockLimit)),
        ]
        if role == .client { entries.append(setting(NGHTTP2_SETTINGS_ENABLE_PUSH, 0)) }
        if let limit = settings.maxConcurrentStreams {
            entries.append(setting(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limit))
        }
        if let size = settings.maxFrameSize { entries.append(setting(NGHTTP2_SETTINGS_MAX_FRAME_SIZE, size)) }
        let flags = UInt8(NGHTTP2_FLAG_NONE.rawValue)
        try HTTP2Failure.check(
            nghttp2_submit_settings(session, flags, entries, entries.count),
            "nghttp2_submit_settings"
        )
        try HTTP2Failure.check(
            nghttp2_session_set_local_window_size(session, flags, 0, settings.connectionWindow),
            "nghttp2_session_set_local_window_size"
        )
    }

    private func setting(_ id: nghttp2_settings_id, _ value: UInt32) -> nghttp2_settings_entry {
        nghttp2_settings_entry(settings_id: Int32(id.rawValue), value: value)
    }

    // MARK: Bytes

    /// Takes what came from the peer; what it meant is in `takeEvents()`.
    func receive(_ bytes: UnsafeBufferPointer<UInt8>) throws(HTTP2Failure) {
        let taken = nghttp2_session_mem_recv(session, bytes.baseAddress, bytes.count)
        guard taken >= 0 else { throw HTTP2Failure(code: taken, function: "nghttp2_session_mem_recv") }
    }

    /// What has happened since the last time.
    func takeEvents() -> [HTTP2Event] { recorder.takeEvents() }

    /// Makes frames ready for the peer until there are none, or `limit` bytes (and at most one frame more).
    func collectOutput(limit: Int) throws(HTTP2Failure) {
        recorder.outputLimit = limit
        while recorder.output.count < limit {
            var bytes: UnsafePointer<UInt8>?
            let count = nghttp2_session_mem_send(session, &bytes)
            guard count >= 0 else { throw HTTP2Failure(code: count, function: "nghttp2_session_mem_send") }
            guard count > 0 else { return }
            recorder.output.append(copying: UnsafeBufferPointer(start: bytes, count: count))
        }
    }

    /// Whether there are bytes that `write(to:)` has still to hand over.
    var hasOutput: Bool { !recorder.output.isEmpty }

    /// Hands over as much of the frames that are ready as `stream` takes.
    func write(to stream: any ByteStream) -> Transfer { recorder.output.write(to: stream) }

    /// False when both sides have said goodbye, or the peer's frames made going on impossible.
    var isAlive: Bool { nghttp2_session_want_read(session) != 0 || nghttp2_session_want_write(session) != 0 }

    /// How many streams the peer lets us have open; until its settings have come, what nghttp2 assumes.
    var peerMaxConcurrentStreams: Int {
        Int(nghttp2_session_get_remote_settings(session, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS))
    }

    /// Whether this stream's body is not handed out yet.
    func isSending(stream: Int32) -> Bool { recorder.bodies[stream] != nil }

    // MARK: Streams

    /// Opens a stream, and returns its number.
    func submitRequest(_ fields: [HeaderField], body: HTTP2Body) throws(HTTP2Failure) -> Int32 {
        var provider = HTTP2Callbacks.dataProvider()
        let stream = fields.withNVs { nghttp2_submit_request(session, nil, $0, $1, &provider, nil) }
        try HTTP2Failure.check(stream, "nghttp2_submit_request")
        recorder.bodies[stream] = body
        return stream
    }

    /// Answers a stream; without a body the header block ends it.
    func submitResponse(stream: Int32, _ fields: [HeaderField], body: HTTP2Body?) throws(HTTP2Failure) {
        guard let body else {
            let result = fields.withNVs { nghttp2_submit_response(session, stream, $0, $1, nil) }
            try HTTP2Failure.check(result, "nghttp2_submit_response")
            return
        }
        var provider = HTTP2Callbacks.dataProvider()
        recorder.bodies[stream] = body
        let result = fields.withNVs { nghttp2_submit_response(session, stream, $0, $1, &provider) }
        try HTTP2Failure.check(result, "nghttp2_submit_response")
    }

    /// Asks the peer for a sign of life.
    func ping() throws(HTTP2Failure) {
        try HTTP2Failure.check(
            nghttp2_submit_ping(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), nil),
            "nghttp2_submit_ping"
        )
    }

    /// Ends a stream at once; what it had still to send is dropped.
    func reset(stream: Int32, _ error: HTTP2ErrorCode) throws(HTTP2Failure) {
        recorder.bodies[stream] = nil
        recorder.resets.insert(stream)
        try HTTP2Failure.check(
            nghttp2_submit_rst_stream(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream, error.rawValue),
            "nghttp2_submit_rst_stream"
        )
    }

    /// Tells the peer that its streams above `lastStream` are not processed.
    func goAway(lastStream: Int32, _ error: HTTP2ErrorCode) throws(HTTP2Failure) {
        let flags = UInt8(NGHTTP2_FLAG_NONE.rawValue)
        try HTTP2Failure.check(
            nghttp2_submit_goaway(session, flags, lastStream, error.rawValue, nil, 0),
            "nghttp2_submit_goaway"
        )
    }

    /// Says goodbye: nothing but a GOAWAY leaves after this.
    func terminate() throws(HTTP2Failure) {
        try HTTP2Failure.check(
            nghttp2_session_terminate_session(session, HTTP2ErrorCode.noError.rawValue),
            "nghttp2_session_terminate_session"
        )
    }
}
