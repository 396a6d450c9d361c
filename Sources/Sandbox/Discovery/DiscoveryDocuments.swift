// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Values

/// What the server says about itself: its version and the kinds it serves.
struct DiscoveryDocuments: Sendable {
    let registry: ResourceRegistry
    let minor: Int
    let patch: Int

    /// The document of `/version`.
    var version: Value {
        [
            "major": "1", "minor": .string("\(minor)"), "gitVersion": .string("v1.\(minor).\(patch)"),
            "gitCommit": "0000000000000000000000000000000000000000", "gitTreeState": "clean",
            "buildDate": "2025-01-01T00:00:00Z", "goVersion": "go1.24.0", "compiler": "gc", "platform": "linux/amd64",
        ]
    }

    /// `/api` or `/apis`: the groups, with all their kinds for clients that understand aggregated discovery.
    func groups(_ request: HTTPRequest, isLegacy: Bool) throws -> HTTPResponse {
        let form = try form(request, aggregated: true)
        let groups = Group.all(of: registry.all).filter { $0.name.isEmpty == isLegacy }
        if case .discovery(let version) = form {
            let items = groups.map { $0.aggregated(version: version) }
            var response = HTTPResponse.json([
                "kind": "APIGroupDiscoveryList", "apiVersion": .string("apidiscovery.k8s.io/\(version)"),
                "metadata": [:], "items": .array(items),
            ])
            response.headers["Content-Type"] =
                "application/json;g=apidiscovery.k8s.io;v=\(version);as=APIGroupDiscoveryList"
            return response
        }
        if isLegacy {
            return .document(
                [
                    "kind": "APIVersions", "versions": .array(groups.flatMap { $0.versions.map { .string($0.name) } }),
                    "serverAddressByClientCIDRs": [
                        ["clientCIDR": "0.0.0.0/0", "serverAddress": .string(request.headers["Host"] ?? "127.0.0.1")]
                    ],
                ], form: form)
        }
        return .document(
            ["kind": "APIGroupList", "apiVersion": "v1", "groups": .array(groups.map { .mapping($0.description) })],
            form: form)
    }

    /// `/apis/apps`.
    func group(_ name: String, _ request: HTTPRequest) throws -> HTTPResponse {
        let form = try form(request, aggregated: false)
        guard let group = Group.all(of: registry.all).first(where: { $0.name == name }), !name.isEmpty else {
            throw StatusError.unknownPath
        }
        var document: Mapping = ["kind": "APIGroup", "apiVersion": "v1"]
        for (key, value) in group.description { document[key] = value }
        return .document(.mapping(document), form: form)
    }

    /// `/apis/apps/v1`: the kinds of one version.
    func resources(group: String, version: String, _ request: HTTPRequest) throws -> HTTPResponse {
        let form = try form(request, aggregated: false)
        let resources = registry.all.filter { $0.group == group && $0.version == version }
        guard let first = resources.first else { throw StatusError.unknownPath }
        var list: Mapping = ["kind": "APIResourceList"]
        if !group.isEmpty { list["apiVersion"] = "v1" }
        list["groupVersion"] = .string(first.groupVersion)
        list["resources"] = .array(resources.flatMap(\.legacyEntries))
        return .document(.mapping(list), form: form)
    }

    /// `/openapi/v2`: as much as kubectl needs to send its requests.
    func openAPI(_ request: HTTPRequest) -> HTTPResponse {
        HTTPResponse(
            status: 200,
            headers: ["Content-Type": "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"],
            body: .bytes(OpenAPIDocument.bytes(for: registry.all)))
    }

    private func form(_ request: HTTPRequest, aggregated: Bool) throws -> Accept.Form {
        let accept = Accept(request.headers["Accept"])
        // Version 2 of aggregated discovery came with 1.30, version 2beta1 was there from 1.27 (off before) to 1.32.
        let form = accept.form(transformed: false, discovery: aggregated && minor >= 27, newest: minor >= 30)
        guard let form else { throw ResourceRequest.notAcceptable }
        return form
    }
}

extension DiscoveryDocuments {
    /// An API group with its versions, the preferred one first.
    private struct Group {
        let name: String
        var versions: [(name: String, resources: [APIResource])] = []

        /// The groups of some resources, in their order.
        static func all(of resources: [APIResource]) -> [Group] {
            var groups: [Group] = []
            for resource in resources {
                let index = groups.firstIndex { $0.name == resource.group } ?? groups.endIndex
                if index == groups.endIndex { groups.append(Group(name: resource.group)) }
                if let version = groups[index].versions.firstIndex(where: { $0.name == resource.version }) {
                    groups[index].versions[version].resources.append(resource)
                } else {
                    groups[index].versions.append((resource.version, [resource]))
                }
            }
            for index in groups.indices {
                groups[index].versions.sort { APIVersionOrder.isOrdered($0.name, $1.name) }
            }
            return groups
        }

        /// The fields of an `APIGroup`.
        var description: Mapping {
            let versions = versions.map { version -> Value in
                ["groupVersion": .string("\(name)/\(version.name)"), "version": .string(version.name)]
            }
            return [
                "name": .string(name), "versions": .array(versions), "preferredVersion": versions.first ?? [:],
            ]
        }

        func aggregated(version: String) -> Value {
            [
                "metadata": name.isEmpty
                    ? ["creationTimestamp": nil] : ["name": .string(name), "creationTimestamp": nil],
                "versions": .array(
                    versions.map { version in
                        [
                            "version": .string(version.name),
                            "resources": .array(version.resources.map(\.aggregatedEntry)), "freshness": "Current",
                        ]
                    }),
            ]
        }
    }
}

extension APIResource {
    private func texts(_ list: [String]) -> Value { .array(list.map { .string($0) }) }

    /// The resource and its parts in an `APIResourceList`.
    var legacyEntries: [Value] {
        var entry: Mapping = [
            "name": .string(plural), "singularName": .string(singular), "namespaced": .bool(isNamespaced),
            "kind": .string(kind), "verbs": texts(verbs),
        ]
        if !shortNames.isEmpty { entry["shortNames"] = texts(shortNames) }
        if !categories.isEmpty { entry["categories"] = texts(categories) }
        if isStored { entry["storageVersionHash"] = .string(storageVersionHash) }
        return [.mapping(entry)]
            + subresources.map { part in
                var entry: Mapping = [
                    "name": .string("\(plural)/\(part.name)"), "singularName": "", "namespaced": .bool(isNamespaced),
                ]
                if !part.version.isEmpty, part.group != group || part.version != version {
                    entry["group"] = .string(part.group)
                    entry["version"] = .string(part.version)
                }
                entry["kind"] = .string(part.kind)
                entry["verbs"] = texts(part.verbs)
                return .mapping(entry)
            }
    }

    /// The resource in aggregated discovery.
    var aggregatedEntry: Value {
        var entry: Mapping = [
            "resource": .string(plural),
            "responseKind": kindReference(group: group, version: version, kind: kind),
            "scope": isNamespaced ? "Namespaced" : "Cluster", "singularResource": .string(singular),
            "verbs": texts(verbs),
        ]
        if !shortNames.isEmpty { entry["shortNames"] = texts(shortNames) }
        if !categories.isEmpty { entry["categories"] = texts(categories) }
        if !subresources.isEmpty {
            entry["subresources"] = .array(
                subresources.map { part in
                    [
                        "subresource": .string(part.name),
                        "responseKind": kindReference(
                            group: part.version.isEmpty ? group : part.group,
                            version: part.version.isEmpty ? version : part.version, kind: part.kind),
                        "verbs": texts(part.verbs),
                    ]
                })
        }
        return .mapping(entry)
    }

    private func kindReference(group: String, version: String, kind: String) -> Value {
        ["group": .string(group), "version": .string(version), "kind": .string(kind)]
    }
}
