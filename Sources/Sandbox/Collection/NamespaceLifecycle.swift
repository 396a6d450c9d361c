// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Empties namespaces that are being deleted, says what they still wait for, and lets them go.
final class NamespaceLifecycle: Controller {
    func affected(by change: Change, in state: ClusterState) -> [ObjectKey] {
        if change.resource == .namespaces { return change.isRemoval ? [] : [change.key] }
        guard !change.namespace.isEmpty, let namespace = state.object(.namespaces, change.namespace),
            namespace.isTerminating
        else { return [] }
        return [ObjectKey(.namespaces, name: change.namespace)]
    }

    func reconcile(_ key: ObjectKey, in cluster: Cluster) throws {
        guard let namespace = cluster.state.object(key), var value = namespace.value else { return }
        guard namespace.isTerminating else {
            guard namespace.status.phase.nonEmpty == nil else { return }
            value.set("Active", at: ["status", "phase"])
            return try cluster.update(.namespaces, value)
        }
        for object in cluster.state.contents(of: key.name) {
            try cluster.delete(object.key.resource, Fields(object.value))
        }
        let remaining = cluster.state.contents(of: key.name)
        value.set("Terminating", at: ["status", "phase"])
        setConditions(in: &value, remaining: remaining, now: cluster.now)
        if remaining.isEmpty {
            let others = namespace.spec.finalizers.list.filter { $0.text != "kubernetes" }.compactMap(\.value)
            value.set(others.isEmpty ? nil : .array(others), at: ["spec", "finalizers"])
        }
        try cluster.update(.namespaces, value)
    }

    private func setConditions(in namespace: inout Value, remaining: [StoredObject], now: Timestamp) {
        func condition(_ type: String, _ isTrue: Bool, _ reason: String, _ message: String) {
            namespace.setCondition("Namespace\(type)", isTrue, reason: reason, message: message, now: now)
        }
        condition(
            "DeletionDiscoveryFailure", false, "ResourcesDiscovered", "All resources successfully discovered")
        condition(
            "DeletionGroupVersionParsingFailure", false, "ParsedGroupVersions",
            "All legacy kube types successfully parsed")
        condition(
            "DeletionContentFailure", false, "ContentDeleted",
            "All content successfully deleted, may be waiting on finalization")
        let kinds = Self.counted(remaining.map { $0.key.resource.description + "." })
            .map { "\($0.name) has \($0.count) resource instances" }
        let holders = Self.counted(
            remaining.flatMap { Fields($0.value).metadata.finalizers.list.map(\.text) }
        ).map { "\($0.name) in \($0.count) resource instances" }
        if kinds.isEmpty {
            condition("ContentRemaining", false, "ContentRemoved", "All content successfully removed")
        } else {
            condition(
                "ContentRemaining", true, "SomeResourcesRemain",
                "Some resources are remaining: \(kinds.joined(separator: ", "))")
        }
        if holders.isEmpty {
            condition(
                "FinalizersRemaining", false, "ContentHasNoFinalizers",
                "All content-preserving finalizers finished")
        } else {
            condition(
                "FinalizersRemaining", true, "SomeFinalizersRemain",
                "Some content in the namespace has finalizers remaining: \(holders.joined(separator: ", "))")
        }
    }

    private static func counted(_ names: [String]) -> [(name: String, count: Int)] {
        Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
