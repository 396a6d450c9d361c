// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import YAMLText

/// Reads one kubeconfig file into entries, with every problem at its place.
struct KubeconfigReader {
    private let document: YAMLDocument
    private let file: String
    private var errors: [Diagnostic] = []
    private var config = Kubeconfig()

    /// Reads a file's bytes.
    ///
    /// - Throws: `KubeconfigError` with everything that is wrong. No line is quoted: it might hold a secret.
    static func read(_ bytes: [UInt8], file: String) throws(KubeconfigError) -> Kubeconfig {
        let document: YAMLDocument
        do {
            document = try YAMLDocument.parse(bytes, file: file, showsLines: false)
        } catch {
            throw KubeconfigError(error.diagnostic)
        }
        var reader = KubeconfigReader(document: document, file: file)
        reader.readTop()
        guard let first = reader.errors.first else { return reader.config }
        throw KubeconfigError(first, Array(reader.errors.dropFirst()))
    }

    private init(document: YAMLDocument, file: String) {
        self.document = document
        self.file = file
        config.files = [file]
    }

    // MARK: Top level

    private mutating func readTop() {
        let root = document.root
        if root.isNull { return }
        guard root.pairs != nil else {
            fail("\(file) is not a kubeconfig: a mapping is expected", at: root)
            return
        }
        if let kind = root["kind"]?.scalar?.text, kind != "Config", !kind.isEmpty {
            fail("\(file) is a \(kind) manifest, not a kubeconfig", at: root["kind"] ?? root)
            return
        }
        checkKeys(
            root, "kubeconfig",
            ["apiVersion", "kind", "preferences", "clusters", "users", "contexts", "current-context", "extensions"])
        if let version = root["apiVersion"]?.scalar?.text, version != "v1", !version.isEmpty {
            fail(
                "the kubeconfig has the unknown apiVersion \(version)", at: root["apiVersion"] ?? root,
                hint: "it has to be v1")
        }
        if let current = text(root, "current-context"), !current.value.isEmpty { config.currentContext = current.value }
        for (name, body, origin) in entries(root, list: "clusters", body: "cluster") {
            config.clusters[name] = cluster(body, name, origin)
        }
        for (name, body, origin) in entries(root, list: "users", body: "user") {
            config.users[name] = user(body, name, origin)
        }
        for (name, body, origin) in entries(root, list: "contexts", body: "context") {
            config.contexts[name] = context(body, name, origin)
        }
    }

    /// The named entries of a list.
    private mutating func entries(
        _ root: YAMLNode, list: String, body: String
    ) -> [(String, YAMLNode, EntryOrigin)] {
        guard let node = root[list], !node.isNull else { return [] }
        guard let items = node.items else {
            fail("\(list) has to be a list", at: node)
            return []
        }
        var found: [(String, YAMLNode, EntryOrigin)] = []
        var places: [String: SourceLocation] = [:]
        for item in items {
            guard let name = item["name"]?.scalar?.text, !name.isEmpty else {
                fail("an entry of \(list) has no name", at: item)
                continue
            }
            let location = document.location(of: item.mark)
            if let first = places[name] {
                errors.append(
                    Diagnostic(
                        "\(list) has two entries named \"\(name)\"", at: location,
                        notes: [.init("the first one is here", at: first)]))
                continue
            }
            places[name] = location
            checkKeys(item, "\(list)[\(name)]", ["name", body])
            let content = item[body] ?? YAMLNode(.mapping([]), mark: item.mark)
            guard content.pairs != nil || content.isNull else {
                fail("\(list)[\(name)].\(body) has to be a mapping", at: content)
                continue
            }
            found.append((name, content, EntryOrigin(file: file, location: location)))
        }
        return found
    }

    // MARK: Entries

    private mutating func cluster(_ node: YAMLNode, _ name: String, _ origin: EntryOrigin) -> ClusterEntry {
        checkKeys(
            node, "clusters[\(name)].cluster",
            [
                "server", "tls-server-name", "insecure-skip-tls-verify", "certificate-authority",
                "certificate-authority-data", "proxy-url", "disable-compression", "extensions",
            ])
        var entry = ClusterEntry(origin: origin)
        entry.server = text(node, "server")?.value ?? ""
        entry.tlsServerName = filled(node, "tls-server-name")?.value
        entry.isInsecure = bool(node, "insecure-skip-tls-verify")
        entry.authorityFile = filled(node, "certificate-authority")
        entry.authorityData = filled(node, "certificate-authority-data")
        entry.proxyURL = filled(node, "proxy-url")
        entry.disablesCompression = bool(node, "disable-compression")
        let extensions = node["extensions"]?.items ?? []
        if let found = extensions.first(where: { $0["name"]?.scalar?.text == "client.authentication.k8s.io/exec" }),
            let content = found["extension"]
        {
            do {
                entry.pluginConfiguration = try document.value(of: content)
            } catch {
                errors.append(error.diagnostic)
            }
        }
        return entry
    }

    private mutating func user(_ node: YAMLNode, _ name: String, _ origin: EntryOrigin) -> UserEntry {
        let place = "users[\(name)].user"
        refuseLookAlikes(node, place)
        checkKeys(
            node, place,
            [
                "client-certificate", "client-certificate-data", "client-key", "client-key-data", "token", "tokenFile",
                "as", "as-uid", "as-groups", "as-user-extra", "username", "password", "auth-provider", "exec",
                "extensions",
            ])
        var entry = UserEntry(origin: origin)
        entry.certificateFile = filled(node, "client-certificate")
        entry.certificateData = filled(node, "client-certificate-data")
        entry.keyFile = filled(node, "client-key")
        entry.keyData = filled(node, "client-key-data")
        entry.token = filled(node, "token")
        entry.tokenFile = filled(node, "tokenFile")
        entry.username = filled(node, "username")?.value
        entry.password = filled(node, "password")?.value
        entry.impersonation.user = filled(node, "as")?.value
        entry.impersonation.uid = filled(node, "as-uid")?.value
        entry.impersonation.groups = texts(node, "as-groups")
        for pair in node["as-user-extra"]?.pairs ?? [] {
            guard let key = pair.key.scalar?.text else { continue }
            entry.impersonation.extra.append((key, (pair.value.items ?? []).compactMap { $0.scalar?.text }))
        }
        if let provider = node["auth-provider"], !provider.isNull {
            entry.authProvider = Located(
                value: provider["name"]?.scalar?.text ?? "", location: document.location(of: provider.mark))
        }
        if let exec = node["exec"], !exec.isNull { entry.exec = self.exec(exec, "\(place).exec") }
        return entry
    }

    private mutating func exec(_ node: YAMLNode, _ place: String) -> Located<ExecEntry> {
        checkKeys(
            node, place,
            ["apiVersion", "command", "args", "env", "installHint", "provideClusterInfo", "interactiveMode"])
        var entry = ExecEntry()
        entry.apiVersion = text(node, "apiVersion")?.value ?? ""
        entry.command = text(node, "command")?.value ?? ""
        entry.arguments = texts(node, "args")
        entry.interactiveMode = filled(node, "interactiveMode")?.value
        entry.providesClusterInfo = bool(node, "provideClusterInfo")
        entry.installHint = filled(node, "installHint")?.value
        for item in node["env"]?.items ?? [] {
            guard let name = item["name"]?.scalar?.text else { continue }
            entry.environment.append((name, item["value"]?.scalar?.text ?? ""))
        }
        return Located(value: entry, location: document.location(of: node.mark))
    }

    private mutating func context(_ node: YAMLNode, _ name: String, _ origin: EntryOrigin) -> ContextEntry {
        checkKeys(node, "contexts[\(name)].context", ["cluster", "user", "namespace", "extensions"])
        var entry = ContextEntry(origin: origin)
        entry.cluster = text(node, "cluster")?.value ?? ""
        entry.user = text(node, "user")?.value ?? ""
        entry.namespace = filled(node, "namespace")?.value
        return entry
    }
}

// MARK: Values and keys

extension KubeconfigReader {
    /// A text; other scalars are taken as they are written.
    private mutating func text(_ node: YAMLNode, _ key: String) -> Located<String>? {
        guard let value = node[key], !value.isNull else { return nil }
        guard let scalar = value.scalar else {
            fail("\(key) has to be a text", at: value)
            return nil
        }
        return Located(value: scalar.text, location: document.location(of: value.mark))
    }

    /// A text that is not empty.
    private mutating func filled(_ node: YAMLNode, _ key: String) -> Located<String>? {
        guard let text = text(node, key), !text.value.isEmpty else { return nil }
        return text
    }

    private mutating func texts(_ node: YAMLNode, _ key: String) -> [String] {
        guard let value = node[key], !value.isNull else { return [] }
        guard let items = value.items else {
            fail("\(key) has to be a list", at: value)
            return []
        }
        return items.compactMap { $0.scalar?.text }
    }

    private mutating func bool(_ node: YAMLNode, _ key: String) -> Bool {
        guard let value = node[key], !value.isNull else { return false }
        switch value.scalar?.text {
        case "true": return true
        case "false": return false
        default:
            fail("\(key) has to be true or false", at: value)
            return false
        }
    }

    private mutating func fail(_ message: String, at node: YAMLNode, hint: String? = nil) {
        errors.append(Diagnostic(message, at: document.location(of: node.mark), hint: hint))
    }

    /// Warns of keys that no client reads.
    private mutating func checkKeys(_ node: YAMLNode, _ place: String, _ known: [String]) {
        for pair in node.pairs ?? [] {
            guard let key = pair.key.scalar?.text, !known.contains(key), !Self.lookAlikes.keys.contains(key) else {
                continue
            }
            config.warnings.append(
                Diagnostic(
                    "\(place) has the unknown key \(key)", at: document.location(of: pair.key.mark), severity: .warning,
                    hint: nearestName(to: key, in: known).map { "did you mean \($0)?" }))
        }
    }

    /// Keys that look as if they named whom to act as: ignoring them would act with more rights than meant.
    private static let lookAlikes = [
        "act-as": "as", "impersonate": "as", "as-user": "as", "asUser": "as", "impersonate-user": "as",
        "act-as-uid": "as-uid", "act-as-groups": "as-groups", "asGroups": "as-groups", "as-group": "as-groups",
        "impersonate-groups": "as-groups", "act-as-user-extra": "as-user-extra", "as-extra": "as-user-extra",
    ]

    private mutating func refuseLookAlikes(_ node: YAMLNode, _ place: String) {
        for pair in node.pairs ?? [] {
            guard let key = pair.key.scalar?.text, let meant = Self.lookAlikes[key] else { continue }
            fail(
                "\(place) has the unknown key \(key): requests would be made without impersonation", at: pair.key,
                hint: "did you mean \(meant)?")
        }
    }
}
