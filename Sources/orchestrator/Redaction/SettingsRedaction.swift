import Runner

extension Settings {
    /// The values that are secret here: those of the environment whose names say so, and where results are posted to.
    func knownSecrets(environment: [String: String]) -> KnownSecrets {
        KnownSecrets(environment: environment, others: [outcome.notifyURL].compactMap(\.self))
    }

    /// Takes what looks like a secret out of whole texts.
    func redaction(environment: [String: String]) -> Redaction {
        let mask = SecretMask(known: knownSecrets(environment: environment))
        return { mask.redacted($0) }
    }
}
