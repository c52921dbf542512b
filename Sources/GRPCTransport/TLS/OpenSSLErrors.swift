extension OpenSSL {
    /// The first thing that went wrong in this thread's last call, in OpenSSL's words; forgets the rest.
    var nextErrorText: String {
        let code = nextError()
        clearErrors()
        return text(of: code)
    }

    private func text(of code: UInt) -> String {
        guard code != 0 else { return "no reason given" }
        return errorReason(code).map { String(cString: $0) } ?? "OpenSSL error \(code)"
    }

    /// Why a call on `ssl` failed; `serverName` is whom the client meant to talk to, `nil` on the server's side.
    func failure(of ssl: Pointer, serverName: String?) -> TLSFailure {
        let code = nextError()
        clearErrors()
        let reason = code & OpenSSLConstant.errorReasonMask
        let library = code >> OpenSSLConstant.errorLibraryShift & OpenSSLConstant.errorLibraryMask
        guard library == OpenSSLConstant.librarySSL else { return TLSFailure("TLS failed: \(text(of: code))") }
        switch reason {
        case OpenSSLConstant.verifyFailed: return verifyFailure(verifyResult(ssl), serverName: serverName)
        case OpenSSLConstant.unsupportedProtocol: return TLSFailure("the peer has neither TLS 1.2 nor 1.3")
        case OpenSSLConstant.alerts: return alertFailure(reason - OpenSSLConstant.alerts.lowerBound, text(of: code))
        default: return TLSFailure("TLS failed: \(text(of: code))")
        }
    }

    /// What the peer had to say, with the way out where there is one.
    private func alertFailure(_ alert: UInt, _ text: String) -> TLSFailure {
        let meaning =
            switch alert {
            case OpenSSLConstant.alertCertificateRequired: "the peer wants a client certificate, and none was given"
            case OpenSSLConstant.alertBadCertificate...OpenSSLConstant.alertCertificateUnknown,
                OpenSSLConstant.alertUnknownAuthority:
                "the peer does not accept our certificate"
            case OpenSSLConstant.alertProtocolVersion: "the peer has neither TLS 1.2 nor 1.3"
            case OpenSSLConstant.alertNoApplicationProtocol: "the peer does not take HTTP/2 (ALPN h2)"
            case OpenSSLConstant.alertHandshakeFailure:
                "the peer refuses the handshake: it may want a client certificate, or other ciphers"
            default: "the peer refuses the connection"
            }
        return TLSFailure("\(meaning) (\(text))")
    }

    private func verifyFailure(_ result: Int, serverName: String?) -> TLSFailure {
        guard let serverName else {
            return TLSFailure("the client's certificate is not accepted: \(verifyText(result))")
        }
        let problem =
            switch result {
            case OpenSSLConstant.hasExpired: "has expired"
            case OpenSSLConstant.notYetValid: "is not valid yet; is the clock of this machine right?"
            case OpenSSLConstant.hostMismatch, OpenSSLConstant.addressMismatch: "is not for \(serverName)"
            case OpenSSLConstant.isSelfSigned:
                "is self-signed and not among the trusted ones; give the file that it is in as trusted certificates"
            case OpenSSLConstant.rootNotTrusted, OpenSSLConstant.issuerUnknown, OpenSSLConstant.leafUnverifiable:
                "is of an unknown authority; give the authority's file as trusted certificates"
            default: "is not accepted"
            }
        return TLSFailure("the certificate of \(serverName) \(problem) (\(verifyText(result)))")
    }

    private func verifyText(_ result: Int) -> String {
        verifyErrorText(result).map { String(cString: $0) } ?? "verification error \(result)"
    }
}
