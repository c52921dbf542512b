/// Numbers of OpenSSL's headers, which are part of its stable interface.
///
/// They stand here so that no header is needed to build, as no library is needed to start.
enum OpenSSLConstant {
    // openssl/crypto.h
    static let initNoAtExit: UInt64 = 0x80000  // OPENSSL_INIT_NO_ATEXIT

    // openssl/ssl.h: commands of SSL_CTX_ctrl and SSL_ctrl
    static let setMinimumVersion: Int32 = 123  // SSL_CTRL_SET_MIN_PROTO_VERSION
    static let setSessionCacheMode: Int32 = 44  // SSL_CTRL_SET_SESS_CACHE_MODE
    static let setServerName: Int32 = 55  // SSL_CTRL_SET_TLSEXT_HOSTNAME

    // openssl/prov_ssl.h, openssl/tls1.h, openssl/ssl.h: values
    static let version12 = 0x0303  // TLS1_2_VERSION
    static let serverNameIsHost = 0  // TLSEXT_NAMETYPE_host_name
    static let sessionCacheOff = 0  // SSL_SESS_CACHE_OFF
    static let noRenegotiation: UInt64 = 1 << 30  // SSL_OP_NO_RENEGOTIATION
    static let noCompression: UInt64 = 1 << 17  // SSL_OP_NO_COMPRESSION
    static let filePEM: Int32 = 1  // SSL_FILETYPE_PEM
    static let verifyPeer: Int32 = 1  // SSL_VERIFY_PEER
    static let requireCertificate: Int32 = 2  // SSL_VERIFY_FAIL_IF_NO_PEER_CERT
    static let protocolChosen: Int32 = 0  // SSL_TLSEXT_ERR_OK
    static let noProtocolInCommon: Int32 = 2  // SSL_TLSEXT_ERR_ALERT_FATAL

    // openssl/ssl.h: what SSL_get_error returns
    static let wantsRead: Int32 = 2  // SSL_ERROR_WANT_READ
    static let zeroReturn: Int32 = 6  // SSL_ERROR_ZERO_RETURN

    // openssl/x509_vfy.h and openssl/x509v3.h
    static let partialChain: UInt = 0x80000  // X509_V_FLAG_PARTIAL_CHAIN
    static let noPartialWildcards: UInt32 = 4  // X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS
    static let notYetValid = 9  // X509_V_ERR_CERT_NOT_YET_VALID
    static let hasExpired = 10  // X509_V_ERR_CERT_HAS_EXPIRED
    static let isSelfSigned = 18  // X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT
    static let rootNotTrusted = 19  // X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN
    static let issuerUnknown = 20  // X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY
    static let leafUnverifiable = 21  // X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE
    static let hostMismatch = 62  // X509_V_ERR_HOSTNAME_MISMATCH
    static let addressMismatch = 64  // X509_V_ERR_IP_ADDRESS_MISMATCH

    // openssl/bio.h: commands of BIO_ctrl
    static let resetBIO: Int32 = 1  // BIO_CTRL_RESET
    static let memoryOfBIO: Int32 = 3  // BIO_CTRL_INFO

    // openssl/err.h and openssl/sslerr.h
    static let errorLibraryShift: UInt = 23  // ERR_LIB_OFFSET
    static let errorLibraryMask: UInt = 0xFF  // ERR_LIB_MASK
    static let errorReasonMask: UInt = 0x7F_FFFF  // ERR_REASON_MASK
    static let librarySSL: UInt = 20  // ERR_LIB_SSL
    static let verifyFailed: UInt = 134  // SSL_R_CERTIFICATE_VERIFY_FAILED
    static let unsupportedProtocol: UInt = 258  // SSL_R_UNSUPPORTED_PROTOCOL
    static let alerts: Range<UInt> = 1_000..<1_256  // SSL_AD_REASON_OFFSET plus the alert's number

    // RFC 8446 section 6: alerts
    static let alertHandshakeFailure: UInt = 40
    static let alertBadCertificate: UInt = 42
    static let alertCertificateUnknown: UInt = 46
    static let alertUnknownAuthority: UInt = 48
    static let alertProtocolVersion: UInt = 70
    static let alertCertificateRequired: UInt = 116
    static let alertNoApplicationProtocol: UInt = 120
}
