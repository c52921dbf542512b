internal import CNghttp2

/// nghttp2 refused something; the session cannot be used any more.
struct HTTP2Failure: Error, Sendable, Hashable, CustomStringConvertible {
    /// One of nghttp2's negative numbers, `NGHTTP2_ERR_…`.
    let code: Int32
    /// The function that returned it.
    let function: String

    init(code: Int, function: String) {
        self.code = Int32(truncatingIfNeeded: code)
        self.function = function
    }

    var description: String { "\(function): \(String(cString: nghttp2_strerror(code)))" }

    /// Throws if `result` is one of nghttp2's errors, else returns it.
    @discardableResult
    static func check(_ result: Int32, _ function: String) throws(HTTP2Failure) -> Int32 {
        guard result >= 0 else { throw HTTP2Failure(code: Int(result), function: function) }
        return result
    }
}
