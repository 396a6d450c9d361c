// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Processes
import Values

/// Keeps discovery on disk between runs, for ten minutes.
///
/// The file is named by the server and its authority, readable by its owner alone, and dropped when it turns out to be
/// out of date. It is only ever a saving: a cache that cannot be read or written is none.
public struct DiscoveryCache: Sendable {
    /// How long an entry counts.
    static let lifetime = Duration.seconds(600)

    private let path: String

    /// Names the folder, made with mode 0700 when needed, and the server whose discovery it is.
    public init(folder: String, endpoint: ServerEndpoint) {
        var identity = endpoint.url.description + "\n" + (endpoint.serverName ?? "") + "\n"
        if case .authorities(let pem) = endpoint.trust { identity += Digest.sha256.hex(pem) }
        path = "\(folder)/discovery-\(Digest.sha256.hex(identity).prefix(32)).json"
    }

    /// The catalog, when there is one that is young enough.
    func read(now: Timestamp) -> APICatalog? {
        guard let bytes = try? FileBytes.read(path), let document = try? Value(json: bytes),
            let time = document["time"]?.string.flatMap(Timestamp.init(rfc3339:))
        else { return nil }
        let age = now - time
        guard age >= .zero, age < Self.lifetime else { return nil }
        return APICatalog(cached: document)
    }

    /// Keeps a catalog.
    ///
    /// One with broken groups is not kept: they may be back in a minute.
    func write(_ catalog: APICatalog, now: Timestamp) {
        guard catalog.broken.isEmpty else { return }
        var document = catalog.cacheDocument
        document["time"] = .string(now.rfc3339)
        try? FileBytes.replace(path, with: document.json())
    }

    /// Forgets what was kept.
    func drop() {
        FileBytes.remove(path)
    }
}

extension APICatalog {
    /// The catalog as a document: only what is needed to address objects.
    var cacheDocument: Value {
        let groups = groupVersions.map { Value.string($0.apiVersion) }
        let kinds = resources.map { resource -> Value in
            [
                "apiVersion": .string(resource.kind.apiVersion), "kind": .string(resource.kind.kind),
                "plural": .string(resource.plural), "namespaced": .bool(resource.isNamespaced),
                "verbs": .array(resource.verbs.sorted().map(Value.string)),
                "subresources": .array(resource.subresources.sorted().map(Value.string)),
            ]
        }
        return ["groupVersions": .array(groups), "resources": .array(kinds)]
    }

    /// Reads the document back; nil when it is not one.
    init?(cached document: Value) {
        guard let groups = document["groupVersions"]?.array, let kinds = document["resources"]?.array, !kinds.isEmpty
        else { return nil }
        func texts(_ value: Value?) -> Set<String> { Set((value?.array ?? []).compactMap(\.string)) }
        let resources = kinds.compactMap { entry -> APIResource? in
            guard let apiVersion = entry["apiVersion"]?.string, let kind = entry["kind"]?.string,
                let plural = entry["plural"]?.string, let isNamespaced = entry["namespaced"]?.bool
            else { return nil }
            return APIResource(
                kind: GroupVersionKind(apiVersion: apiVersion, kind: kind), plural: plural, isNamespaced: isNamespaced,
                verbs: texts(entry["verbs"]), subresources: texts(entry["subresources"]))
        }
        guard resources.count == kinds.count else { return nil }
        self.init(groupVersions: groups.compactMap(\.string).map(GroupVersion.init(apiVersion:)), resources: resources)
    }
}
