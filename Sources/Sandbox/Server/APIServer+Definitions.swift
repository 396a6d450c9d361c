// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension APIServer {
    private static let cleanup: Value = "customresourcecleanup.apiextensions.k8s.io"

    /// Does for a CustomResourceDefinition what its controllers do: accepts its names, establishes it, and when it is being
    /// deleted, deletes its objects first.
    func settleDefinition(_ key: ObjectKey) {
        for _ in 0..<5 {
            guard let current = store.get(key) else { return }
            var definition = current.value
            if definition[path: "metadata", "deletionTimestamp"] == nil {
                establish(&definition)
            } else {
                deleteObjects(of: definition)
                guard objectCount(of: definition) == 0 else { return }
                let finalizers = (definition[path: "metadata", "finalizers"]?.array ?? []).filter { $0 != Self.cleanup }
                definition.set(finalizers.isEmpty ? nil : .array(finalizers), at: ["metadata", "finalizers"])
            }
            guard definition != current.value else { return }
            do {
                let write: ObjectStore.Write =
                    isReleased(definition)
                    ? .remove(seen: current.revision) : .replace(definition, seen: current.revision)
                try store.commit(write, at: key)
                if isReleased(definition) { store.close(resource(of: definition)) }
                return
            } catch StoreError.changed { continue } catch { return }
        }
    }

    private func establish(_ definition: inout Value) {
        var finalizers = definition[path: "metadata", "finalizers"]?.array ?? []
        if !finalizers.contains(Self.cleanup) {
            finalizers.append(Self.cleanup)
            definition.set(.array(finalizers), at: ["metadata", "finalizers"])
        }
        var names = definition[path: "spec", "names"] ?? [:]
        if names["singular"] == nil, let kind = names["kind"]?.string { names["singular"] = .string(kind.lowercased()) }
        if names["listKind"] == nil, let kind = names["kind"]?.string { names["listKind"] = .string(kind + "List") }
        definition.set(names, at: ["status", "acceptedNames"])
        var conditions = definition[path: "status", "conditions"]?.array ?? []
        for (type, reason, message) in [
            ("NamesAccepted", "NoConflicts", "no conflicts found"),
            ("Established", "InitialNamesAccepted", "the initial names have been accepted"),
        ] where !conditions.contains(where: { $0["type"]?.string == type }) {
            conditions.append([
                "type": .string(type), "status": "True", "lastTransitionTime": .string("\(now())"),
                "reason": .string(reason), "message": .string(message),
            ])
        }
        definition.set(.array(conditions), at: ["status", "conditions"])
        var stored = definition[path: "status", "storedVersions"]?.array ?? []
        let storage = (definition[path: "spec", "versions"]?.array ?? []).filter { $0["storage"]?.bool == true }
        for version in storage.compactMap({ $0["name"] }) where !stored.contains(version) { stored.append(version) }
        definition.set(.array(stored), at: ["status", "storedVersions"])
    }

    private func resource(of definition: Value) -> GroupResource {
        GroupResource(
            definition[path: "spec", "names", "plural"]?.string ?? "",
            group: definition[path: "spec", "group"]?.string ?? "")
    }

    private func objectCount(of definition: Value) -> Int { store.list(resource(of: definition)).objects.count }

    private func deleteObjects(of definition: Value) {
        for object in store.list(resource(of: definition)).objects {
            if (object.value[path: "metadata", "finalizers"]?.array ?? []).isEmpty {
                // One that was changed meanwhile is seen again on the next occasion.
                _ = try? store.commit(.remove(seen: object.revision), at: object.key)
            } else if object.value[path: "metadata", "deletionTimestamp"] == nil {
                var value = object.value
                value.set(.string("\(now())"), at: ["metadata", "deletionTimestamp"])
                value.set(0, at: ["metadata", "deletionGracePeriodSeconds"])
                _ = try? store.commit(.replace(value, seen: object.revision), at: object.key)
            }
        }
    }
}
