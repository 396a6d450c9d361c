// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension FieldOwnership {
    /// Fields that nobody owns: identity and bookkeeping.
    private static let untracked = FieldSet(
        [
            ["apiVersion"], ["kind"], ["metadata"], ["metadata", "name"], ["metadata", "namespace"],
            ["metadata", "creationTimestamp"], ["metadata", "selfLink"], ["metadata", "uid"],
            ["metadata", "clusterName"],
            ["metadata", "generation"], ["metadata", "managedFields"], ["metadata", "resourceVersion"],
        ].map { $0.map { PathElement.field($0) } })

    /// Gives a manager what it changed from one version of an object to the next, and takes that from all others.
    func track(
        _ managed: inout ManagedFields, from old: Value, to new: Value, manager: ManagedFields.Manager
    ) {
        let comparison: Comparison
        do {
            comparison = try Comparison(from: old, to: new, as: schema).excluding(resetFields)
        } catch {
            // Lists that break their own keys cannot be tracked; the owners stay as they were.
            return
        }
        for (other, entry) in managed.entries {
            let kept = entry.fields.subtracting(comparison.written).subtracting(comparison.removed)
            managed.entries[other]?.fields = kept
        }
        let gained = comparison.written.subtractingRecursively(resetFields).subtracting(Self.untracked)
        if !gained.isEmpty {
            let kept = managed.entries[manager]?.fields ?? FieldSet()
            managed.entries[manager] = ManagedFields.Entry(
                fields: kept.union(gained), apiVersion: apiVersion, time: time)
        }
        managed.entries = managed.entries.filter { !$0.value.fields.isEmpty }
    }

    /// Lays a configuration over an object, removes what the applier no longer wants, and settles who owns what.
    func merge(
        _ live: Value, _ configuration: Value, _ managed: ManagedFields, _ manager: String, force: Bool
    ) throws -> (object: Value, managed: ManagedFields) {
        var managed = managed
        let applier = ManagedFields.Manager(
            name: manager, operation: .apply, apiVersion: apiVersion, subresource: subresource)
        let previous = managed.entries[applier]
        let owned: FieldSet
        do {
            try ConfigurationCheck.check(configuration, as: schema)
            owned = try FieldSet.owned(by: configuration, as: schema)
        } catch {
            throw Self.internalError("failed to create typed patch object (\(objectName(configuration))): \(error)")
        }
        var merged = live.merging(configuration, as: schema)
        var entry = ManagedFields.Entry(
            fields: owned.subtractingRecursively(resetFields), apiVersion: apiVersion, time: previous?.time)
        managed.entries[applier] = entry
        if let previous { merged = prune(merged, previous: previous.fields, managed) }
        let comparison: Comparison
        do {
            comparison = try Comparison(from: live, to: merged, as: schema).excluding(resetFields)
        } catch {
            throw Self.internalError("failed to compare objects: \(error)")
        }
        var conflicts: [ManagedFields.Manager: FieldSet] = [:]
        for (other, theirs) in managed.entries where other != applier {
            let contested = theirs.fields.intersection(comparison.written)
            if !contested.isEmpty { conflicts[other] = contested }
        }
        guard force || conflicts.isEmpty else { throw ApplyConflicts(fields: conflicts) }
        for (other, theirs) in managed.entries where other != applier {
            let kept = theirs.fields.subtracting(conflicts[other] ?? FieldSet()).subtracting(comparison.removed)
            managed.entries[other]?.fields = kept
        }
        if let problem = TypeCheck.problem(in: merged, as: schema) {
            throw Self.internalError(
                "failed to convert new typed object (\(objectName(configuration))) to object: \(problem)")
        }
        merged = merged.normalized(as: schema)
        entry.fields = entry.fields.subtracting(Self.untracked)
        let isChanged = previous?.fields != entry.fields || previous?.apiVersion != apiVersion || live != merged
        if isChanged || entry.time == nil { entry.time = time }
        managed.entries[applier] = entry
        managed.entries = managed.entries.filter { !$0.value.fields.isEmpty }
        return (merged, managed)
    }

    /// Removes what the applier owned before and does not apply any more, unless someone owns it still.
    private func prune(_ merged: Value, previous: FieldSet, _ managed: ManagedFields) -> Value {
        let before = previous.withNamedFields(schema)
        let firstCut = merged.removing(before, as: schema) ?? [:]
        let all = set(of: merged)
        let claimed = managed.entries.values.reduce(FieldSet()) { $0.union($1.fields) }.withNamedFields(schema)
        // Put back what is claimed.
        let unclaimed = all.subtracting(set(of: firstCut).union(claimed))
        let secondCut = merged.removing(unclaimed, as: schema) ?? [:]
        // Put back what was not the applier's to remove.
        let removable = all.subtracting(set(of: secondCut)).intersection(before)
        return merged.removing(removable, as: schema) ?? [:]
    }

    private func set(of value: Value) -> FieldSet {
        do {
            return try FieldSet.owned(by: value, as: schema).withNamedFields(schema)
        } catch {
            return FieldSet()
        }
    }

    /// The fields that client-side apply wrote and that are as it wrote them; nil without its annotation.
    func ownedByLastApplied(_ live: Value) -> FieldSet? {
        guard let text = live[path: "metadata", "annotations", Self.lastApplied]?.string, !text.isEmpty else {
            return nil
        }
        do {
            let applied = try Value(json: text)
            guard applied["apiVersion"]?.string == apiVersion else { return nil }
            let comparison = try Comparison(from: applied, to: live, as: schema)
            return try FieldSet.owned(by: applied, as: schema)
                .subtracting(comparison.modified).subtracting(comparison.added).subtracting(comparison.removed)
        } catch {
            return nil
        }
    }

    private func objectName(_ object: Value) -> String {
        let metadata = object["metadata"]
        return
            "\(metadata?["namespace"]?.string ?? "")/\(metadata?["name"]?.string ?? ""); \(Self.qualified(apiVersion, kind))"
    }
}
