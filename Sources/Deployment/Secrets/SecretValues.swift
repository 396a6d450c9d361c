// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
import ConfigModel
import Crypto
import Processes
import Values

/// The secrets that a plan's chart wants as values: those that are in the cluster already, and new ones for the rest.
///
/// They live only in the Secrets that the chart renders from them; they are never written anywhere else (design.md, decision 8).
struct SecretValues: Sendable {
    /// Where each value goes in the chart's values.
    private(set) var assignments: [(path: [String], value: Value)] = []
    /// Every secret text, to be masked wherever it might appear.
    private(set) var texts: [String] = []

    private static let passwordLength = 24
    private static let webhookDays = 825
    /// A certificate is made anew when less than this is left of it.
    private static let renewBefore = Duration.seconds(30 * 86400)

    /// Reads the live Secrets, one request each, and makes what is not there.
    ///
    /// - Throws: `SecretValueError` for a Secret that lacks a key; what the API server says otherwise.
    init(for plan: ClusterPlan, client: ClusterClient, time: TimeSource) async throws {
        for (name, wanted) in Self.grouped(plan.secretValues) {
            let live = try await client.find(ObjectKey(.secret, namespace: plan.namespace, name: name))
            for secret in wanted {
                switch secret.kind {
                case .password(let key): try addPassword(secret, key: key, live: live)
                case .webhookCertificate(let hosts):
                    try addCertificate(secret, hosts: hosts, live: live, now: Int(time.wall().seconds))
                }
            }
        }
    }

    /// Texts that stand for the secrets where there is no cluster: the same on every machine.
    init(placeholdersFor plan: ClusterPlan) {
        for secret in plan.secretValues {
            switch secret.kind {
            case .password(let key):
                assign("PLACEHOLDER-\(secret.secretName)-\(key)", to: secret.valuesPaths)
            case .webhookCertificate:
                for part in ["ca", "cert", "key"] {
                    assign("PLACEHOLDER-\(secret.secretName)-\(part)", to: secret.valuesPaths.map { $0 + [part] })
                }
            }
        }
    }

    /// What makes the chart refer to Secrets that exist already, instead of rendering them.
    ///
    /// The webhook is left out: its configuration would need the authority of a certificate that is not known.
    init(referencesFor plan: ClusterPlan) {
        for secret in plan.secretValues {
            guard case .password = secret.kind else { continue }
            assignments.append(([secret.module.name, "existingSecret"], .string(secret.secretName)))
        }
    }

    /// The chart's values with the secrets in their places.
    func applied(to values: Value) -> Value {
        var values = values
        for (path, value) in assignments { values.set(value, at: path) }
        return values
    }

    private static func grouped(_ secrets: [GeneratedSecret]) -> [(name: String, secrets: [GeneratedSecret])] {
        var groups: [(name: String, secrets: [GeneratedSecret])] = []
        for secret in secrets {
            if let index = groups.firstIndex(where: { $0.name == secret.secretName }) {
                groups[index].secrets.append(secret)
            } else {
                groups.append((secret.secretName, [secret]))
            }
        }
        return groups
    }

    private mutating func assign(_ text: String, to paths: [[String]]) {
        for path in paths { assignments.append((path, .string(text))) }
    }

    private mutating func addPassword(_ secret: GeneratedSecret, key: String, live: KubernetesObject?) throws {
        let password: String
        if let live {
            // A new password would not open a database that knows the old one.
            guard let known = try Self.text(key, of: live) else {
                throw SecretValueError.missingKey(secret: live.key, key: key)
            }
            password = known
        } else {
            password = SecureRandom.password(Self.passwordLength)
        }
        texts.append(password)
        assign(password, to: secret.valuesPaths)
    }

    private mutating func addCertificate(
        _ secret: GeneratedSecret, hosts: [String], live: KubernetesObject?, now: Int
    ) throws {
        let pair =
            try live.flatMap { try Self.usableCertificate(in: $0, hosts: hosts, now: now) }
            ?? Self.newCertificate(hosts, now: now)
        texts.append(pair.key)
        for (part, text) in [("ca", pair.authority), ("cert", pair.certificate), ("key", pair.key)] {
            assign(text, to: secret.valuesPaths.map { $0 + [part] })
        }
    }

    private struct WebhookPair {
        var authority: String
        var certificate: String
        var key: String
    }

    private static func usableCertificate(
        in live: KubernetesObject, hosts: [String], now: Int
    ) throws -> WebhookPair? {
        guard let authority = try text("ca", of: live), let certificate = try text("cert", of: live),
            let key = try text("key", of: live)
        else { return nil }
        do {
            let parsed = try Certificate(pem: certificate)
            let isLongLived = parsed.notAfter - now > Int(renewBefore.components.seconds)
            guard isLongLived, hosts.allSatisfy(parsed.isValid(forHost:)),
                parsed.isSigned(by: try Certificate(pem: authority)),
                try PrivateKey(pem: key).matches(parsed)
            else { return nil }
        } catch {
            // Somebody put something else there: it is replaced, as the webhook could not work with it.
            return nil
        }
        return WebhookPair(authority: authority, certificate: certificate, key: key)
    }

    private static func newCertificate(_ hosts: [String], now: Int) throws -> WebhookPair {
        let authority = try CertifiedKey.authority(commonName: "iflearnerctl admission webhook", days: webhookDays)
        var request = CertificateRequest(commonName: hosts.first ?? "webhook", days: webhookDays, now: now)
        request.dnsNames = hosts
        let leaf = try authority.issue(request)
        return WebhookPair(
            authority: try authority.certificate.pem(), certificate: try leaf.certificate.pem(), key: try leaf.key.pem()
        )
    }

    private static func text(_ key: String, of secret: KubernetesObject) throws -> String? {
        guard let encoded = secret.value[path: "data", key]?.string else { return nil }
        guard let bytes = try? Base64.decode(encoded), let text = String(validating: bytes, as: UTF8.self) else {
            throw SecretValueError.unreadable(secret: secret.key, key: key)
        }
        return text
    }
}

/// A Secret in the cluster that cannot be used, although it has the name of one of ours.
public enum SecretValueError: Error, Sendable, Hashable {
    /// It lacks a key.
    case missingKey(secret: ObjectKey, key: String)
    /// A key does not hold text.
    case unreadable(secret: ObjectKey, key: String)

    /// What happened.
    public var message: String {
        switch self {
        case .missingKey(let secret, let key): "\(secret.longDescription) has no key '\(key)'"
        case .unreadable(let secret, let key): "\(secret.longDescription): the key '\(key)' is no text"
        }
    }

    /// What to do about it.
    public var hint: String {
        switch self {
        case .missingKey(let secret, _), .unreadable(let secret, _):
            "put it there, or, if nothing uses it, delete it: kubectl delete secret \(secret.name) -n \(secret.namespace ?? "")"
        }
    }
}
