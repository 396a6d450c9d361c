// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Values

/// All kinds that are served: Kubernetes' own of one release, and those of the CustomResourceDefinitions in the store.
final class ResourceRegistry: Sendable {
    private struct Address: Hashable {
        let group: String
        let version: String
        let plural: String
    }

    /// Kubernetes' own resources, in the order of discovery.
    let builtIn: [APIResource]
    private let builtInByAddress: [Address: APIResource]
    private let store: ObjectStore
    /// Definitions by name, each made of the stored object of the same revision.
    private let definitions = Mutex<[String: CustomDefinition]>([:])

    init(minor: Int, store: ObjectStore) {
        builtIn = BuiltInResources.served(minor: minor)
        var byAddress: [Address: APIResource] = [:]
        for resource in builtIn {
            byAddress[Address(group: resource.group, version: resource.version, plural: resource.plural)] = resource
        }
        builtInByAddress = byAddress
        self.store = store
    }

    /// What is served under a path.
    func resource(group: String, version: String, plural: String) -> APIResource? {
        if let resource = builtInByAddress[Address(group: group, version: version, plural: plural)] { return resource }
        let key = ObjectKey(.customResourceDefinitions, name: "\(plural).\(group)")
        guard let object = store.get(key) else { return nil }
        let definition = definition(of: object)
        guard definition.isEstablished else { return nil }
        return definition.resources.first { $0.version == version && $0.plural == plural }
    }

    /// The preferred version of a resource.
    func preferred(_ resource: GroupResource) -> APIResource? {
        if let builtIn = builtIn.first(where: { $0.groupResource == resource }) { return builtIn }
        return custom.first { $0.groupResource == resource }
    }

    /// What a kind is served as, for owner references and the like.
    func resource(apiVersion: String, kind: String) -> APIResource? {
        builtIn.first { $0.kind == kind && $0.groupVersion == apiVersion && $0.isStored }
            ?? custom.first { $0.kind == kind && $0.groupVersion == apiVersion }
    }

    /// The resources of established definitions, by name of the definition.
    var custom: [APIResource] {
        store.list(.customResourceDefinitions).objects.map(definition(of:)).filter(\.isEstablished)
            .flatMap(\.resources)
    }

    /// All that is served, Kubernetes' own first.
    var all: [APIResource] { builtIn + custom }

    private func definition(of object: StoredObject) -> CustomDefinition {
        definitions.withLock { definitions in
            if let known = definitions[object.key.name], known.object === object { return known }
            let definition = CustomDefinition(object)
            definitions[object.key.name] = definition
            return definition
        }
    }
}
