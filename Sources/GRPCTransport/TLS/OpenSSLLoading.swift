internal import Glibc

extension OpenSSL {
    /// Opens the two libraries, which stay open: the functions are used until the process ends.
    init() throws(TLSFailure) {
        let crypto = try OpenSSLLibrary(opening: "libcrypto.so.3")
        let ssl = try OpenSSLLibrary(opening: "libssl.so.3")

        initSSL = try ssl.function("OPENSSL_init_ssl")
        clearErrors = try crypto.function("ERR_clear_error")
        nextError = try crypto.function("ERR_get_error")
        errorReason = try crypto.function("ERR_reason_error_string")
        verifyErrorText = try crypto.function("X509_verify_cert_error_string")

        clientMethod = try ssl.function("TLS_client_method")
        serverMethod = try ssl.function("TLS_server_method")
        newContext = try ssl.function("SSL_CTX_new")
        freeContext = try ssl.function("SSL_CTX_free")
        controlContext = try ssl.function("SSL_CTX_ctrl")
        setOptions = try ssl.function("SSL_CTX_set_options")
        setVerify = try ssl.function("SSL_CTX_set_verify")
        contextParameters = try ssl.function("SSL_CTX_get0_param")
        setDefaultVerifyPaths = try ssl.function("SSL_CTX_set_default_verify_paths")
        loadVerifyFile = try ssl.function("SSL_CTX_load_verify_file")
        useCertificateChain = try ssl.function("SSL_CTX_use_certificate_chain_file")
        usePrivateKey = try ssl.function("SSL_CTX_use_PrivateKey_file")
        checkPrivateKey = try ssl.function("SSL_CTX_check_private_key")
        setPasswordCallback = try ssl.function("SSL_CTX_set_default_passwd_cb")
        offerProtocols = try ssl.function("SSL_CTX_set_alpn_protos")
        setProtocolCallback = try ssl.function("SSL_CTX_set_alpn_select_cb")
        setTicketCount = try ssl.function("SSL_CTX_set_num_tickets")

        newSSL = try ssl.function("SSL_new")
        freeSSL = try ssl.function("SSL_free")
        controlSSL = try ssl.function("SSL_ctrl")
        parameters = try ssl.function("SSL_get0_param")
        setHost = try ssl.function("SSL_set1_host")
        setHostFlags = try ssl.function("SSL_set_hostflags")
        setAddress = try crypto.function("X509_VERIFY_PARAM_set1_ip_asc")
        setParameterFlags = try crypto.function("X509_VERIFY_PARAM_set_flags")
        setBIOs = try ssl.function("SSL_set_bio")
        setConnectState = try ssl.function("SSL_set_connect_state")
        setAcceptState = try ssl.function("SSL_set_accept_state")
        doHandshake = try ssl.function("SSL_do_handshake")
        read = try ssl.function("SSL_read")
        write = try ssl.function("SSL_write")
        shutdown = try ssl.function("SSL_shutdown")
        errorOfCall = try ssl.function("SSL_get_error")
        verifyResult = try ssl.function("SSL_get_verify_result")
        version = try ssl.function("SSL_get_version")
        selectedProtocol = try ssl.function("SSL_get0_alpn_selected")

        memoryMethod = try crypto.function("BIO_s_mem")
        newBIO = try crypto.function("BIO_new")
        freeBIO = try crypto.function("BIO_free")
        writeBIO = try crypto.function("BIO_write")
        controlBIO = try crypto.function("BIO_ctrl")

        // Without this OpenSSL would tear itself down in exit(), under threads that may still be using it.
        guard initSSL(OpenSSLConstant.initNoAtExit, nil) == 1 else {
            throw TLSFailure("OpenSSL does not start; check its configuration file openssl.cnf")
        }
    }
}

/// One shared library, which is never closed.
struct OpenSSLLibrary {
    private let handle: UnsafeMutableRawPointer
    private let name: String

    init(opening name: String) throws(TLSFailure) {
        guard let handle = dlopen(name, RTLD_LAZY | RTLD_LOCAL) else {
            let reason = dlerror().map { String(cString: $0) } ?? "dlopen failed"
            throw TLSFailure(
                "TLS needs OpenSSL 3, which cannot be loaded (\(reason)); install it (Debian and Ubuntu: libssl3)"
            )
        }
        self.handle = handle
        self.name = name
    }

    /// The function of this name; the caller knows its type from OpenSSL's headers.
    func function<Function>(_ symbol: String) throws(TLSFailure) -> Function {
        guard let address = dlsym(handle, symbol) else {
            throw TLSFailure("TLS needs OpenSSL 3, and \(name) has no \(symbol); install OpenSSL 3.0 or newer")
        }
        return unsafeBitCast(address, to: Function.self)
    }
}
