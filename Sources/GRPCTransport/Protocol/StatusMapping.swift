extension GRPCStatusCode {
    /// The code for a response that has an HTTP status but no `grpc-status`.
    ///
    /// Specification: grpc `doc/http-grpc-status-mapping.md`.
    init(httpStatus: Int) {
        self =
            switch httpStatus {
            case 400, 431: .internal
            case 401: .unauthenticated
            case 403: .permissionDenied
            case 404: .unimplemented
            case 429, 502, 503, 504: .unavailable
            default: .unknown
            }
    }

    /// The code for a stream that the peer reset.
    ///
    /// `CANCEL` after the call's own deadline is the caller's to judge.
    /// Specification: grpc `doc/PROTOCOL-HTTP2.md`, "Errors".
    init(reset code: HTTP2ErrorCode) {
        self =
            switch code {
            case .refusedStream: .unavailable
            case .cancel: .cancelled
            case .enhanceYourCalm: .resourceExhausted
            case .inadequateSecurity: .permissionDenied
            default: .internal
            }
    }
}
