import GRPCTransport

/// Where one signal is sent to, after all settings are looked at.
struct Endpoint: Equatable {
    /// Nil is a setting that cannot be used; then nothing is sent.
    let target: GRPCTarget?

    /// Nil is cleartext.
    let tls: TLSSettings?
    let headers: [String: String]

    /// One line for each setting that cannot be used.
    let problems: [String]

    init(_ configuration: OTelConfiguration, _ signal: SignalSettings) {
        var problems: [String] = []
        let text = signal.endpoint ?? configuration.endpoint
        do throws(GRPCConfigurationError) {
            let parsed = try GRPCTarget(parsing: text)
            // Who can open a Unix socket is on this machine already.
            let isInsecure = signal.insecure ?? configuration.insecure ?? parsed.isUnixSocket
            target = parsed
            tls = parsed.usesTLS ?? !isInsecure ? (signal.tls ?? configuration.tls).settings : nil
        } catch {
            problems.append("endpoint: \(error.message)")
            target = nil
            tls = nil
        }
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
        self.problems = problems
    }

    func makeClient() -> GRPCClient? {
        guard let target else { return nil }
        var settings = GRPCClientSettings(target: target, userAgent: SDKVersion.userAgent)
        settings.tls = tls
        settings.metadata = headers.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        return GRPCClient(settings)
    }
}

extension TLSFiles {
    fileprivate var settings: TLSSettings {
        TLSSettings(
            certificateFile: certificate,
            clientKeyFile: clientKey,
            clientCertificateFile: clientCertificate
        )
    }
}
