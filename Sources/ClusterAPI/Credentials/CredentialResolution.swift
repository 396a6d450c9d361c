// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Diagnostics
import Processes
import Values

/// Makes an authenticator of a user's entry, and checks what can be checked before anything is sent.
struct CredentialResolution {
    let entry: UserEntry
    let name: String
    let endpoint: ServerEndpoint
    /// What the cluster's entry wants credential plugins to know.
    let pluginConfiguration: Value?
    let environment: [String: String]
    let time: TimeSource

    private var place: String { "users[\(name)].user" }

    func authenticator(_ warnings: inout [Diagnostic]) throws(KubeconfigError) -> Authenticator {
        try checkContradictions()
        let impersonation = try impersonationFields()
        let identity = try identity(&warnings)
        return Authenticator(try source(identity, &warnings), impersonation: impersonation)
    }

    private func source(
        _ identity: ClientIdentity?, _ warnings: inout [Diagnostic]
    ) throws(KubeconfigError) -> CredentialSource {
        let isSecure = endpoint.url.isSecure
        if let file = entry.tokenFile {
            warnIfPlain(&warnings, "token")
            let source = TokenFile(
                path: entry.origin.resolve(file.value), fallback: entry.token?.value, user: "of user \(name)",
                time: time)
            return isSecure ? .tokenFile(source) : .fixed(Credentials(identity: identity))
        }
        if let token = entry.token {
            warnIfPlain(&warnings, "token")
            let text = token.value
            guard BearerToken.isPlausible(text) else {
                throw KubeconfigError(
                    "\(place).token holds a line end or another control character", at: token.location)
            }
            return isSecure
                ? .token(BearerToken(text: text, user: "of user \(name)"), identity)
                : .fixed(Credentials(identity: identity))
        }
        if let username = entry.username {
            warnIfPlain(&warnings, "password")
            let basic = "Basic " + Base64.encode("\(username):\(entry.password ?? "")".utf8)
            return .fixed(Credentials(authorization: isSecure ? basic : nil, identity: identity))
        }
        if identity == nil, let exec = entry.exec {
            return .exec(ExecPlugin(try plugin(exec), time: time))
        }
        if identity == nil {
            warnings.append(
                Diagnostic(
                    "user \"\(name)\" has no credentials: requests are anonymous", at: entry.origin.location,
                    severity: .warning))
        }
        return .fixed(Credentials(identity: identity))
    }

    private func checkContradictions() throws(KubeconfigError) {
        if let provider = entry.authProvider {
            throw KubeconfigError(
                "user \"\(name)\" uses the auth-provider \"\(provider.value)\", which is no longer supported",
                at: provider.location,
                hint: "use a credential plugin (exec): gke-gcloud-auth-plugin, kubelogin, aws eks get-token ...")
        }
        if let token = entry.token ?? entry.tokenFile, entry.username != nil {
            throw KubeconfigError(
                "user \"\(name)\" has both a token and a user name", at: token.location, hint: "remove one of them")
        }
    }

    private func warnIfPlain(_ warnings: inout [Diagnostic], _ what: String) {
        guard !endpoint.url.isSecure else { return }
        warnings.append(
            Diagnostic(
                "the \(what) of user \"\(name)\" is not sent, because \(endpoint.url) is not encrypted",
                at: entry.origin.location, severity: .warning, hint: "use an https:// URL"))
    }

    // MARK: Client certificates

    private func identity(_ warnings: inout [Diagnostic]) throws(KubeconfigError) -> ClientIdentity? {
        let reading = KubeconfigBytes(entry.origin, place)
        guard
            let certificate = try reading.bytes(
                data: entry.certificateData, file: entry.certificateFile, "client-certificate")
        else {
            if let key = entry.keyData ?? entry.keyFile {
                throw KubeconfigError("\(place) has a client-key but no client-certificate", at: key.location)
            }
            return nil
        }
        guard let key = try reading.bytes(data: entry.keyData, file: entry.keyFile, "client-key") else {
            throw KubeconfigError(
                "\(place) has a client-certificate but no client-key", at: certificate.location,
                hint: "add client-key-data or client-key")
        }
        let identity = ClientIdentity(certificate: certificate.value, key: key.value)
        try ClientIdentityCheck(user: name, now: time.wall()).check(
            identity, certificateAt: certificate.location, keyAt: key.location)
        return identity
    }

    // MARK: Impersonation

    private func impersonationFields() throws(KubeconfigError) -> HTTPFields {
        let wish = entry.impersonation
        guard let user = wish.user else {
            guard wish.uid == nil, wish.groups.isEmpty, wish.extra.isEmpty else {
                throw KubeconfigError(
                    "user \"\(name)\" impersonates a uid, groups or extra without a user", at: entry.origin.location,
                    hint: "add as: with the user to impersonate")
            }
            return HTTPFields()
        }
        var fields: HTTPFields = ["Impersonate-User": user]
        if let uid = wish.uid { fields.append("Impersonate-Uid", uid) }
        for group in wish.groups { fields.append("Impersonate-Group", group) }
        for (key, values) in wish.extra {
            for value in values { fields.append("Impersonate-Extra-" + PercentEncoding.query(key.lowercased()), value) }
        }
        return fields
    }

    // MARK: Plugins

    private func plugin(_ exec: Located<ExecEntry>) throws(KubeconfigError) -> ExecPlugin.Configuration {
        let entry = exec.value
        guard let version = ExecPlugin.Version(rawValue: entry.apiVersion) else {
            throw KubeconfigError(
                "\(place).exec has the apiVersion \"\(entry.apiVersion)\", which is not supported", at: exec.location,
                hint: "it has to be \(ExecPlugin.Version.v1.rawValue) or \(ExecPlugin.Version.v1beta1.rawValue)")
        }
        guard !entry.command.isEmpty else { throw KubeconfigError("\(place).exec has no command", at: exec.location) }
        var mode = ExecPlugin.InteractiveMode.ifAvailable
        if let text = entry.interactiveMode {
            guard let known = ExecPlugin.InteractiveMode(rawValue: text) else {
                throw KubeconfigError(
                    "\(place).exec has the interactiveMode \"\(text)\"", at: exec.location,
                    hint: "it has to be Never, IfAvailable or Always")
            }
            mode = known
        } else if version == .v1 {
            throw KubeconfigError(
                "\(place).exec has no interactiveMode", at: exec.location, hint: "add interactiveMode: IfAvailable")
        }
        let command = entry.command.contains("/") ? self.entry.origin.resolve(entry.command) : entry.command
        return ExecPlugin.Configuration(
            user: name, version: version, command: command, arguments: entry.arguments,
            environment: environment.merging(entry.environment.map { ($0.name, $0.value) }) { _, own in own },
            interactiveMode: mode, installHint: entry.installHint,
            cluster: entry.providesClusterInfo ? clusterInformation : nil)
    }

    /// What the plugin is told about the cluster.
    private var clusterInformation: Value {
        var information: Mapping = ["server": .string(endpoint.url.description)]
        if let name = endpoint.serverName { information["tls-server-name"] = .string(name) }
        switch endpoint.trust {
        case .system: break
        case .authorities(let pem): information["certificate-authority-data"] = .string(Base64.encode(pem))
        case .nobody: information["insecure-skip-tls-verify"] = true
        }
        if let pluginConfiguration { information["config"] = pluginConfiguration }
        if let proxy = endpoint.proxy { information["proxy-url"] = .string(proxy.url) }
        return .mapping(information)
    }
}
