// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// An object of the API as the server or a manifest states it: any kind, nothing lost.
///
/// It wraps the whole document; the accessors read the metadata that every kind has. A missing text reads as the empty
/// string where an object cannot be without it, and as nil where it may.
public struct KubernetesObject: Sendable, Hashable {
    /// The whole document.
    public var value: Value

    /// Wraps a document without checking it.
    public init(_ value: Value) {
        self.value = value
    }

    /// Makes an object with the identity only.
    public init(_ key: ObjectKey) {
        var metadata: Mapping = ["name": .string(key.name)]
        if let namespace = key.namespace { metadata["namespace"] = .string(namespace) }
        value = [
            "apiVersion": .string(key.kind.apiVersion), "kind": .string(key.kind.kind), "metadata": .mapping(metadata),
        ]
    }

    /// The value at a path of keys; nil where a step is missing.
    public subscript(path: String...) -> Value? { value[path: path] }

    /// The `apiVersion`.
    public var apiVersion: String { value["apiVersion"]?.string ?? "" }
    /// The `kind`.
    public var kind: String { value["kind"]?.string ?? "" }
    /// The `apiVersion` and `kind` together.
    public var groupVersionKind: GroupVersionKind { GroupVersionKind(apiVersion: apiVersion, kind: kind) }
    /// The kind, namespace and name.
    public var key: ObjectKey { ObjectKey(groupVersionKind, namespace: namespace, name: name) }

    /// The `metadata` mapping; empty when there is none.
    public var metadata: Mapping {
        get { value["metadata"]?.mapping ?? Mapping() }
        set { value["metadata"] = .mapping(newValue) }
    }
}

extension KubernetesObject {
    /// `metadata.name`.
    public var name: String {
        get { value[path: "metadata", "name"]?.string ?? "" }
        set { value.set(.string(newValue), at: ["metadata", "name"]) }
    }

    /// `metadata.namespace`; nil for a cluster-scoped object.
    public var namespace: String? {
        get { nonEmpty("namespace") }
        set { value.set(newValue.map(Value.string), at: ["metadata", "namespace"]) }
    }

    /// `metadata.uid`; nil before the server has seen the object.
    public var uid: String? { nonEmpty("uid") }

    /// `metadata.resourceVersion`; nil in manifests and in answers to dry-run creations.
    public var resourceVersion: String? {
        get { nonEmpty("resourceVersion") }
        set { value.set(newValue.map(Value.string), at: ["metadata", "resourceVersion"]) }
    }

    /// `metadata.generation`: counts the changes of the desired state.
    public var generation: Int64? { value[path: "metadata", "generation"]?.int }

    /// `metadata.labels`; entries that are not text are left out.
    public var labels: [String: String] {
        get { texts("labels") }
        set { setTexts(newValue, "labels") }
    }

    /// `metadata.annotations`; entries that are not text are left out.
    public var annotations: [String: String] {
        get { texts("annotations") }
        set { setTexts(newValue, "annotations") }
    }

    /// `metadata.finalizers`: who must clean up before the object can go.
    public var finalizers: [String] {
        value[path: "metadata", "finalizers"]?.array?.compactMap(\.string) ?? []
    }

    /// `metadata.ownerReferences`.
    public var ownerReferences: [OwnerReference] {
        value[path: "metadata", "ownerReferences"]?.array?.compactMap(OwnerReference.init) ?? []
    }

    /// The owner that controls the object, if there is one.
    public var controller: OwnerReference? { ownerReferences.first(where: \.isController) }

    /// `metadata.deletionTimestamp` as the server wrote it; nil while the object is not being deleted.
    public var deletionTimestamp: String? { nonEmpty("deletionTimestamp") }

    /// `metadata.creationTimestamp` as the server wrote it.
    public var creationTimestamp: String? { nonEmpty("creationTimestamp") }

    /// The entry of `status.conditions` with a type.
    public func condition(_ type: String) -> Condition? { conditions.first { $0.type == type } }

    /// `status.conditions`, in order.
    public var conditions: [Condition] {
        value[path: "status", "conditions"]?.array?.compactMap(Condition.init) ?? []
    }

    private func nonEmpty(_ key: String) -> String? {
        guard let text = value[path: "metadata", key]?.string, !text.isEmpty else { return nil }
        return text
    }

    private func texts(_ key: String) -> [String: String] {
        guard let entries = value[path: "metadata", key]?.mapping else { return [:] }
        var texts: [String: String] = [:]
        for (key, value) in entries {
            if let text = value.string { texts[key] = text }
        }
        return texts
    }

    private mutating func setTexts(_ texts: [String: String], _ key: String) {
        // Sorted, so that the same texts always make the same document.
        let sorted = texts.sorted { $0.key < $1.key }.map { ($0.key, Value.string($0.value)) }
        value.set(sorted.isEmpty ? nil : .mapping(Mapping(sorted)), at: ["metadata", key])
    }
}
