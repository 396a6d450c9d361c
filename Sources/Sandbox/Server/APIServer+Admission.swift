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
            Admission(store: store).admitClaim(&object)
        case .ingresses: try checkIngressClass(of: Fields(object))
        case .persistentVolumes: object["status"] = ["phase": "Pending"]
        default: break
        }
    }

    /// A new Ingress names its class in one way; since 1.27 in both, if they say the same.
    private func checkIngressClass(of ingress: Fields) throws {
        let annotation = ingress.metadata.annotations[Self.ingressClassAnnotation]
        guard annotation.exists, ingress.spec.ingressClassName.exists else { return }
        guard minor < 27 || annotation.text != ingress.spec.ingressClassName.text else { return }
        let detail =
            minor < 27
            ? "can not be set when the class field is also set"
            : "must match `ingressClassName` when both are specified"
        throw StatusError.invalid(
            group: "networking.k8s.io", kind: "Ingress", name: ingress.objectName,
            [.invalid(FieldPath("annotations")[Self.ingressClassAnnotation], annotation.value, detail)])
    }

    private static let ingressClassAnnotation = "kubernetes.io/ingress.class"

    /// What a client that creates an object is told although nothing is wrong with it.
    func warnings(onCreating object: Value, _ resource: APIResource) -> [String] {
        let fields = Fields(object)
        guard resource.groupResource == .ingresses, minor >= 27, !fields.spec.ingressClassName.exists,
            fields.metadata.annotations[Self.ingressClassAnnotation].exists
        else { return [] }
        return [
            "annotation \"\(Self.ingressClassAnnotation)\" is deprecated, please use 'spec.ingressClassName' instead"
        ]
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
