import GRPCTransport

/// Where one signal is sent to, after all settings are looked at.
///
/// A scheme decides on TLS; without one it is TLS unless INSECURE is true, which is false by default
/// (protocol/exporter.md, Insecure). The default endpoint has a scheme, `http`. A Unix socket is on this machine, and
/// encrypted only if INSECURE says false.
struct Endpoint: Equatable {
    /// Nil is a setting that cannot be used; then nothing is sent.
    let target: GRPCTarget?
    let headers: [String: String]
    let compression: GRPCClientSettings.Compression

    /// Nil is cleartext.
    let tls: TLSSettings?

    /// One line for each setting that cannot be used.
    let problems: [String]

    init(_ configuration: OTelConfiguration, _ signal: SignalSettings) {
        var problems: [String] = []
        let text = signal.endpoint ?? configuration.endpoint
        do throws(GRPCConfigurationError) {
            target = try GRPCTarget(parsing: text)
        } catch {
            problems.append("endpoint: \(error.message)")
            target = nil
        }
        // Who can open a Unix socket is on this machine already.
        let isInsecure = signal.insecure ?? configuration.insecure ?? target?.isUnixSocket ?? false
        let isSecure = target.map { $0.usesTLS ?? !isInsecure } ?? false
        tls = isSecure ? TLSSettings(signal.tls ?? configuration.tls) : nil
        var usable: [String: String] = [:]
        for (name, value) in signal.headers ?? configuration.headers {
            do throws(GRPCConfigurationError) {
                try GRPCMetadata.check(name: name, value: value)
                usable[name.lowercased()] = value
            } catch {
                problems.append("headers: \(error.message)")
            }
        }
        headers = usable
        compression = (signal.compression ?? configuration.compression) == .gzip ? .gzip : .none
        self.problems = problems
    }

    /// Limits and keepalive are the process's, all else this endpoint's.
    func makeClient(_ configuration: OTelConfiguration) -> GRPCClient? {
        guard let target else { return nil }
        var settings = GRPCClientSettings(target: target, userAgent: SDKVersion.userAgent)
        settings.metadata = headers.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        settings.compression = compression
        settings.tls = tls
        settings.keepaliveTime = configuration.keepaliveTime
        settings.keepaliveTimeout = configuration.keepaliveTimeout
        settings.maxRequestBytes = configuration.maxRequestBytes
        settings.maxResponseBytes = configuration.maxResponseBytes
        return GRPCClient(settings)
    }
}

extension TLSSettings {
    fileprivate init(_ files: TLSFiles) {
        self.init(
            certificateFile: files.certificate,
            clientKeyFile: files.clientKey,
            clientCertificateFile: files.clientCertificate
        )
    }
}
