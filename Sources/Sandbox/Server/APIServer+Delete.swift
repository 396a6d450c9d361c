// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension APIServer {
    /// The namespaces that every cluster needs.
    static let permanentNamespaces = ["default", "kube-system", "kube-public"]

    /// Deletes an object, or marks it for those who must let it go first.
    func delete(_ target: ObjectTarget, options: DeleteOptions) throws -> WriteResult {
        while true {
            let current = try get(target)
            try checkPreconditions(of: current, options: options, resource: target.resource)
            if target.resource.groupResource == .namespaces, Self.permanentNamespaces.contains(target.name) {
                throw StatusError.forbidden(
                    group: "", resource: "namespaces", name: target.name, "this namespace may not be deleted")
            }
            var object = current.value
            setFinalizers(of: &object, options: options, resource: target.resource)
            let grace = gracePeriod(for: current.value, options: options, resource: target.resource)
            let isNamespace = target.resource.groupResource == .namespaces
            let isHeld =
                !(object[path: "metadata", "finalizers"]?.array ?? []).isEmpty || grace > 0
                || (isNamespace && !(object[path: "spec", "finalizers"]?.array ?? []).isEmpty)
            do throws(StoreError) {
                guard isHeld else {
                    if !options.isDryRun {
                        try store.commit(.remove(seen: current.revision), at: target.key)
                        didRemove(current)
                    }
                    return WriteResult(object: current.value, isRemoved: true)
                }
                mark(&object, grace: grace, isNamespace: isNamespace)
                if object == current.value || options.isDryRun { return WriteResult(object: object) }
                let stored = try store.commit(.replace(object, seen: current.revision), at: target.key)
                didUpdate(stored)
                return WriteResult(object: stored.value)
            } catch  where error == .changed {
                continue
            } catch { throw StatusError.store(error, at: target.key) }
        }
    }

    private func checkPreconditions(of current: StoredObject, options: DeleteOptions, resource: APIResource) throws {
        let uid = current.value[path: "metadata", "uid"]?.string ?? ""
        let name = current.key.name
        func fail(_ text: String) -> StatusError {
            // The kind, not the plural name, as a real server has it.
            .conflict(group: resource.group, resource: resource.kind, name: name, text)
        }
        if let wanted = options.uid, wanted != uid {
            throw fail(
                "the UID in the precondition (\(wanted)) does not match the UID in record (\(uid)). "
                    + "The object might have been deleted and then recreated")
        }
        if let wanted = options.resourceVersion, wanted != "\(current.revision)" {
            throw fail(
                "the ResourceVersion in the precondition (\(wanted)) does not match the ResourceVersion in record "
                    + "(\(current.revision)). The object might have been modified")
        }
    }

    private func setFinalizers(of object: inout Value, options: DeleteOptions, resource: APIResource) {
        let old = object[path: "metadata", "finalizers"]?.array ?? []
        var finalizers = old
        let orphans = resource.groupResource == .jobs || resource.groupResource == .replicationControllers
        switch options.propagation ?? (orphans ? .orphan : nil) {
        case .orphan:
            finalizers.removeAll { $0 == "foregroundDeletion" }
            if !finalizers.contains("orphan") { finalizers.append("orphan") }
        case .foreground:
            finalizers.removeAll { $0 == "orphan" }
            if !finalizers.contains("foregroundDeletion") { finalizers.append("foregroundDeletion") }
        case .background: finalizers.removeAll { $0 == "orphan" || $0 == "foregroundDeletion" }
        case nil: break
        }
        guard finalizers != old else { return }
        object.set(finalizers.isEmpty ? nil : .array(finalizers), at: ["metadata", "finalizers"])
    }

    /// How long the object has to stop: only pods that run take time.
    private func gracePeriod(for object: Value, options: DeleteOptions, resource: APIResource) -> Int {
        guard resource.groupResource == .pods else { return 0 }
        let phase = object[path: "status", "phase"]?.string ?? ""
        if phase == "Succeeded" || phase == "Failed" { return 0 }
        if (object[path: "spec", "nodeName"]?.string ?? "").isEmpty { return 0 }
        let own = object[path: "spec", "terminationGracePeriodSeconds"]?.int.map { Int(clamping: $0) } ?? 30
        let wanted = options.gracePeriod ?? own
        // A pod that is ending can be hurried, not given more time.
        if object[path: "metadata", "deletionTimestamp"] != nil,
            let left = object[path: "metadata", "deletionGracePeriodSeconds"]?.int
        {
            return options.gracePeriod == nil ? Int(clamping: left) : min(wanted, Int(clamping: left))
        }
        return wanted
    }

    private func mark(_ object: inout Value, grace: Int, isNamespace: Bool) {
        let isMarked = object[path: "metadata", "deletionTimestamp"] != nil
        let left = object[path: "metadata", "deletionGracePeriodSeconds"]?.int.map { Int(clamping: $0) }
        guard !isMarked || left ?? 0 > grace else { return }
        object.set(.string("\(now() + .seconds(grace))"), at: ["metadata", "deletionTimestamp"])
        if !isNamespace { object.set(.int(Int64(grace)), at: ["metadata", "deletionGracePeriodSeconds"]) }
        if !isMarked, let generation = object[path: "metadata", "generation"]?.int, generation > 0 {
            object.set(.int(generation + 1), at: ["metadata", "generation"])
        }
        if isNamespace { object.set("Terminating", at: ["status", "phase"]) }
    }
}
