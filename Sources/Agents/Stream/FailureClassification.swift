extension ResultRecord {
    /// Whether the account's usage limit or rate limit made the request fail.
    ///
    /// `usage_limit_reached` is the limit of a plan; any other 429 counts as well, for it wants to be waited for too.
    func isAboutUsageLimit(failure: String?) -> Bool {
        if apiError == "usage_limit_reached" || apiStatus == 429 || apiErrorType == "rate_limit_error" { return true }
        return apiStatus == nil && (failure == "rate_limit" || message.contains("usage limit reached"))
    }
}

extension ModelStop {
    /// Why the model stopped, or nil if the result is about something else.
    init?(_ result: ResultRecord) {
        if result.stopReason == "refusal" {
            self = .refusal
        } else if result.stopReason == "max_tokens" || result.apiError == "max_output_tokens" {
            self = .outputLimit
        } else {
            return nil
        }
    }
}

extension RequestFailure {
    /// Why a request failed for good: by the HTTP status, else by the agent's typed word, else by its sentence.
    ///
    /// - Parameters:
    ///   - result: A result record with an error.
    ///   - failure: The agent's word in the message that it made up, such as `authentication_failed`.
    init(_ result: ResultRecord, failure: String?) {
        let message = result.message
        if result.terminalReason == "prompt_too_long" || message.hasPrefix("Prompt is too long") {
            self = .promptTooLong
        } else if failure == "billing_error" || message.hasPrefix("Credit balance is too low") {
            self = .creditExhausted
        } else if let status = result.apiStatus {
            self.init(status: status)
        } else if let known = Self(credentialWords: message) ?? Self(typed: result.apiError, message: message) {
            self = known
        } else {
            self = Self(failure: failure)
        }
    }

    private init(status: Int) {
        switch status {
        case 401: self = .credentialRefused
        case 402: self = .creditExhausted
        case 403: self = .forbidden
        case 404: self = .modelUnknown
        case 408: self = .timedOut
        case 413: self = .promptTooLong
        case 529: self = .overloaded
        case 400..<500: self = .invalid
        case 500..<600: self = .serverError
        default: self = .other
        }
    }

    /// What the agent says where it looked for a credential, or nil if it speaks of something else.
    init?(credentialWords words: String) {
        if words.hasPrefix("Not logged in") {
            self = .credentialMissing
        } else if ["Invalid API key", "Failed to authenticate"].contains(where: { words.hasPrefix($0) }) {
            self = .credentialRefused
        } else {
            return nil
        }
    }

    /// What broke between the agent and the service, by the agent's typed word (`api_error`) and the code in its sentence.
    private init?(typed word: String?, message: String) {
        func tells(_ marks: String...) -> Bool { marks.contains { message.contains($0) } }
        if tells("EAI_AGAIN", "ENOTFOUND") {
            self = .nameUnresolved
        } else if word == "no_response" || tells("timed out", "ETIMEDOUT") {
            self = .timedOut
        } else if word == "stream_idle_timeout" || word == "empty_completion"
            || tells("ECONNRESET", "EPIPE", "Connection dropped", "Connection closed")
        {
            self = .streamBroken
        } else if word == "connection_failed" || word?.hasPrefix("tls_") == true || tells("ECONNREFUSED") {
            self = .unreachable
        } else {
            return nil
        }
    }

    /// The agent's own word for a failed request, where nothing else tells.
    private init(failure: String?) {
        switch failure {
        case "authentication_failed": self = .credentialRefused
        case "oauth_org_not_allowed", "account_on_hold", "verification_required": self = .forbidden
        case "model_not_found": self = .modelUnknown
        case "invalid_request": self = .invalid
        case "overloaded": self = .overloaded
        case "server_error": self = .serverError
        default: self = .other
        }
    }
}
