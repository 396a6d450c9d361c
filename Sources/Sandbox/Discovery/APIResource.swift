// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A kind of objects as it is served in one version of its group.
struct APIResource: Sendable {
    /// Something below an object's path: `status`, `scale`, `log`.
    struct Subresource: Sendable, Equatable {
        let name: String
        /// The kind of its documents, where it is not that of the resource.
        let kind: String
        let group: String
        let version: String
        let verbs: [String]
    }

    let group: String
    let version: String
    let plural: String
    let singular: String
    let kind: String
    let listKind: String
    let isNamespaced: Bool
    let shortNames: [String]
    let categories: [String]
    let verbs: [String]
    let subresources: [Subresource]
    /// The definition, for a custom resource.
    let definition: CustomDefinition?

    var groupResource: GroupResource { GroupResource(plural, group: group) }

    /// As in `apiVersion`: `v1`, `apps/v1`.
    var groupVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    /// The path of all its objects: `/api/v1/pods`.
    var path: String { (group.isEmpty ? "/api/" : "/apis/") + groupVersion + "/" + plural }

    func subresource(_ name: String) -> Subresource? { subresources.first { $0.name == name } }

    /// Whether spec and status are written separately, and changes of the spec counted.
    var hasStatus: Bool { subresources.contains { $0.name == "status" } }

    /// Whether the server keeps objects of this kind, or only answers them.
    var isStored: Bool { verbs.contains("get") }

    static let allVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
}
