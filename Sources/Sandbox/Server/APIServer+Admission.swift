// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

// What a real server does to objects between their decoding and their writing, beyond the defaults of their types.
extension APIServer {
    func admitCreate(_ object: inout Value, rules: ObjectRules, isDryRun: Bool) throws {
        switch rules.resource.groupResource {
        case .namespaces:
            let name = object[path: "metadata", "name"]?.string ?? ""
            if minor >= 21 { object.set(.string(name), at: ["metadata", "labels", "kubernetes.io/metadata.name"]) }
            object.set(["kubernetes"], at: ["spec", "finalizers"])
            object["status"] = ["phase": "Active"]
        case .pods: try Admission(store: store).admitPod(&object)
        case .jobs: Admission(store: store).admitJob(&object)
        case .persistentVolumeClaims:
            object["status"] = ["phase": "Pending"]
            setStorageClass(&object)
        case .persistentVolumes: object["status"] = ["phase": "Pending"]
        default: break
        }
    }

    func admitUpdate(_ object: inout Value, replacing old: Value, rules: ObjectRules) throws {
        guard rules.subresource.isEmpty else { return }
        switch rules.resource.groupResource {
        case .namespaces:
            // Only the finalize subresource changes them.
            object.set(old[path: "spec", "finalizers"], at: ["spec", "finalizers"])
        default: break
        }
    }

    /// A claim that names no class gets the default one.
    private func setStorageClass(_ claim: inout Value) {
        guard claim[path: "spec", "storageClassName"] == nil else { return }
        let annotation = "storageclass.kubernetes.io/is-default-class"
        let defaults = store.list(.storageClasses).objects.filter {
            $0.value[path: "metadata", "annotations", annotation]?.string == "true"
        }
        guard let newest = defaults.max(by: { $0.revision < $1.revision }) else { return }
        claim.set(.string(newest.key.name), at: ["spec", "storageClassName"])
    }

    // MARK: After a write

    func didCreate(_ object: StoredObject) {
        if object.key.resource == .customResourceDefinitions { settleDefinition(object.key) }
    }

    func didUpdate(_ object: StoredObject) {
        if object.key.resource == .customResourceDefinitions { settleDefinition(object.key) }
    }

    func didRemove(_ object: StoredObject) {
        let key = ObjectKey(.customResourceDefinitions, name: "\(object.key.resource)")
        if object.key.resource.group.contains("."), store.get(key) != nil { settleDefinition(key) }
    }
}
