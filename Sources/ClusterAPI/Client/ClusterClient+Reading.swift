// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Processes
import Values

extension ClusterClient {
    /// Reads one object.
    ///
    /// - Throws: `APIError` with the reason `notFound` when it is not there.
    public func get(_ key: ObjectKey, subresource: String? = nil) async throws -> KubernetesObject {
        try await read(key, subresource: subresource).object
    }

    /// Reads one object with the server's clock, for judging how old something in it is.
    public func read(
        _ key: ObjectKey, subresource: String? = nil
    ) async throws -> (object: KubernetesObject, serverDate: Timestamp?) {
        let description = RequestDescription(.get, key)
        return try await withResource(for: key.kind) { resource in
            let response = try await send(
                .get, resource.path(namespace: key.namespace, name: key.name, subresource: subresource),
                describedAs: description, safety: .read, kind: key.kind.groupKind)
            return (try ResponseReading.object(response, description), ResponseReading.date(response))
        }
    }

    /// Reads one object, or nil when it is not there.
    public func find(_ key: ObjectKey) async throws -> KubernetesObject? {
        do {
            return try await get(key)
        } catch let error as APIError where error.reason == .notFound {
            return nil
        }
    }

    /// Reads a collection, page by page.
    ///
    /// No namespace means all namespaces, or a cluster-scoped kind.
    public func list(
        _ kind: GroupVersionKind, namespace: String? = nil, selector: Selector = .all
    ) async throws -> ObjectList {
        try await pages(kind, namespace: namespace, selector: selector, accept: "application/json")
    }

    /// Reads the metadata of a collection: a fraction of the bytes where objects are large.
    public func listMetadata(
        _ kind: GroupVersionKind, namespace: String? = nil, selector: Selector = .all
    ) async throws -> ObjectList {
        try await pages(
            kind, namespace: namespace, selector: selector,
            accept: "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json")
    }

    private func pages(
        _ kind: GroupVersionKind, namespace: String?, selector: Selector, accept: String
    ) async throws -> ObjectList {
        try await withResource(for: kind) { resource in
            let reading = ListReading(
                client: self, resource: resource, namespace: namespace, selector: selector, accept: accept)
            let list = try await reading.all(keeping: \.self)
            return ObjectList(
                items: list.items, resourceVersion: list.resourceVersion, serverDate: list.serverDate)
        }
    }
}
