internal import CNghttp2

/// Resets the stream that the callback was about.
private let streamFailure = Int32(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)

/// Ends the session.
private let callbackFailure = Int32(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue)

/// The table of C functions that nghttp2 calls.
///
/// Each unwraps its context, forwards to the recorder, and returns.
enum HTTP2Callbacks {
    /// Owned by the caller, to be freed with `nghttp2_session_callbacks_del`.
    static func make() throws(HTTP2Failure) -> OpaquePointer {
        var created: OpaquePointer?
        try HTTP2Failure.check(nghttp2_session_callbacks_new(&created), "nghttp2_session_callbacks_new")
        guard let created else {
            throw HTTP2Failure(code: Int(NGHTTP2_ERR_NOMEM.rawValue), function: "nghttp2_session_callbacks_new")
        }
        nghttp2_session_callbacks_set_on_begin_headers_callback(created) { _, _, context in
            HTTP2Recorder.from(context)?.beginHeaders()
            return 0
        }
        nghttp2_session_callbacks_set_on_header_callback(created) { _, frame, name, nameSize, value, size, _, context in
            guard let frame, let recorder = HTTP2Recorder.from(context) else { return callbackFailure }
            let verdict = recorder.addHeader(
                UnsafeBufferPointer(start: name, count: nameSize),
                UnsafeBufferPointer(start: value, count: size),
                stream: frame.pointee.hd.stream_id
            )
            return switch verdict {
            case .kept: 0
            case .streamEnds: streamFailure
            case .sessionEnds: callbackFailure
            }
        }
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(created) { _, _, stream, bytes, size, context in
            guard let recorder = HTTP2Recorder.from(context) else { return callbackFailure }
            recorder.events.append(.data(stream: stream, bytes: Array(UnsafeBufferPointer(start: bytes, count: size))))
            return 0
        }
        nghttp2_session_callbacks_set_on_frame_recv_callback(created) { _, frame, context in
            guard let frame, let recorder = HTTP2Recorder.from(context) else { return callbackFailure }
            recorder.receive(frame.pointee)
            return 0
        }
        nghttp2_session_callbacks_set_on_stream_close_callback(created) { _, stream, error, context in
            HTTP2Recorder.from(context)?.close(stream: stream, error: HTTP2ErrorCode(rawValue: error))
            return 0
        }
        nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(created) { _, frame, code, context in
            guard let frame, let recorder = HTTP2Recorder.from(context) else { return callbackFailure }
            let reason = String(cString: nghttp2_strerror(code))
            recorder.events.append(.invalidFrame(stream: frame.pointee.hd.stream_id, reason: reason))
            return 0
        }
        nghttp2_session_callbacks_set_on_frame_send_callback(created) { _, frame, context in
            guard let frame, let recorder = HTTP2Recorder.from(context) else { return callbackFailure }
            recorder.sent(frame.pointee)
            return 0
        }
        setDataCallbacks(created)
        return created
    }

    /// DATA frames are as long as both flow control windows and the peer's MAX_FRAME_SIZE allow, up to a bound, and
    /// their payload goes from the body to the output without passing through nghttp2.
    private static func setDataCallbacks(_ callbacks: OpaquePointer) {
        nghttp2_session_callbacks_set_data_source_read_length_callback(callbacks) {
            _,
            _,
            _,
            connectionWindow,
            streamWindow,
            maxFrameSize,
            _ in
            min(HTTP2Recorder.frameLimit, Int(connectionWindow), Int(streamWindow), Int(maxFrameSize))
        }
        nghttp2_session_callbacks_set_send_data_callback(callbacks) { _, frame, header, length, _, context in
            guard let frame, let header, let recorder = HTTP2Recorder.from(context) else { return callbackFailure }
            let head = UnsafeBufferPointer(start: header, count: 9)
            return recorder.sendData(stream: frame.pointee.hd.stream_id, header: head, count: length)
                ? 0 : Int32(NGHTTP2_ERR_WOULDBLOCK.rawValue)
        }
    }

    /// Tells how much of the recorder's body of the stream comes next; after its last byte come the trailers, if any.
    static func dataProvider() -> nghttp2_data_provider {
        var provider = nghttp2_data_provider()
        provider.read_callback = { session, stream, _, size, flags, _, context in
            guard let recorder = HTTP2Recorder.from(context), let body = recorder.bodies[stream], let flags else {
                return Int(streamFailure)
            }
            flags.pointee |= NGHTTP2_DATA_FLAG_NO_COPY.rawValue
            guard body.count <= size else { return size }
            flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue
            if let trailers = body.trailers {
                flags.pointee |= NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
                let result = trailers.withNVs { nghttp2_submit_trailer(session, stream, $0, $1) }
                guard result == 0 else { return Int(streamFailure) }
            }
            return body.count
        }
        return provider
    }
}

extension HTTP2Recorder {
    /// The recorder that a callback was given as its user data; the session that calls back keeps it alive.
    fileprivate static func from(_ context: UnsafeMutableRawPointer?) -> HTTP2Recorder? {
        context.map { Unmanaged<HTTP2Recorder>.fromOpaque($0).takeUnretainedValue() }
    }

    fileprivate func receive(_ frame: nghttp2_frame) {
        let stream = frame.hd.stream_id
        let endsStream = frame.hd.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
        switch UInt32(frame.hd.type) {
        case NGHTTP2_HEADERS.rawValue:
            endHeaders(stream: stream, endsStream: endsStream)
            if endsStream { events.append(.endOfStream(stream: stream)) }
        case NGHTTP2_DATA.rawValue where endsStream:
            events.append(.endOfStream(stream: stream))
        case NGHTTP2_SETTINGS.rawValue where frame.hd.flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) == 0:
            events.append(.settings)
        case NGHTTP2_GOAWAY.rawValue:
            let goAway = frame.goaway
            let error = HTTP2ErrorCode(rawValue: goAway.error_code)
            events.append(.goAway(lastStream: goAway.last_stream_id, error: error, debug: debugText(goAway)))
        default:
            break
        }
    }

    /// nghttp2 tells why it gives a connection up only in the GOAWAY that it sends, and a stream, in RST_STREAM.
    fileprivate func sent(_ frame: nghttp2_frame) {
        let stream = frame.hd.stream_id
        switch UInt32(frame.hd.type) {
        case NGHTTP2_GOAWAY.rawValue:
            let error = HTTP2ErrorCode(rawValue: frame.goaway.error_code)
            guard error != .noError else { return }
            events.append(.invalidFrame(stream: 0, reason: "\(error): \(debugText(frame.goaway))"))
        case NGHTTP2_RST_STREAM.rawValue where !resets.contains(stream):
            let error = HTTP2ErrorCode(rawValue: frame.rst_stream.error_code)
            guard error != .noError else { return }
            events.append(.invalidFrame(stream: stream, reason: "\(error)"))
        default: break
        }
    }

    /// As much of a peer's words as belongs into a message, without anything that a terminal would act on.
    private func debugText(_ goAway: nghttp2_goaway) -> String {
        let text = UnsafeBufferPointer(start: goAway.opaque_data, count: goAway.opaque_data_len).prefix(128)
        return String(decoding: text.map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }
}
