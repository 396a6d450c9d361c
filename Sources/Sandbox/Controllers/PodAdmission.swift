// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Values

extension Admission {
    /// Completes a new pod: its ServiceAccount and token, priority, tolerations and class of service; checks security and quotas.
    ///
    /// - Throws: `StatusError` with the reason `Forbidden`.
    func admitPod(_ pod: inout Value) throws {
        let fields = Fields(pod)
        try admitServiceAccount(&pod, fields)
        try admitPriority(&pod, fields)
        admitTolerations(&pod, fields)
        try checkSecurity(Fields(pod))
        try checkQuotas(fields)
        if fields.status.phase.nonEmpty == nil { pod.set("Pending", at: ["status", "phase"]) }
        pod.set(.string(PodResources(fields.spec).qualityOfService), at: ["status", "qosClass"])
    }

    private func forbidden(_ pod: Fields, _ why: String) -> StatusError {
        .forbidden(
            group: "", resource: "pods", name: pod.metadata.generateName.nonEmpty ?? pod.objectName, why)
    }

    private func admitServiceAccount(_ pod: inout Value, _ fields: Fields) throws {
        let name = fields.spec.serviceAccountName.nonEmpty ?? fields.spec.serviceAccount.nonEmpty ?? "default"
        let namespace = fields.objectNamespace
        let stored = store.get(ObjectKey(.serviceAccounts, namespace: namespace, name: name))
        // The one named default is on its way in a new namespace.
        guard stored != nil || name == "default" else {
            throw forbidden(
                fields, "error looking up service account \(namespace)/\(name): serviceaccount \"\(name)\" not found")
        }
        let account = Fields(stored?.value)
        pod.set(.string(name), at: ["spec", "serviceAccountName"])
        pod.set(.string(name), at: ["spec", "serviceAccount"])
        if fields.spec.imagePullSecrets.list.isEmpty, let secrets = account.imagePullSecrets.value {
            pod.set(secrets, at: ["spec", "imagePullSecrets"])
        }
        let mounts =
            fields.spec.automountServiceAccountToken.value?.bool ?? account.automountServiceAccountToken.value?.bool
        if mounts ?? true { addToken(to: &pod, fields) }
    }

    private func addToken(to pod: inout Value, _ fields: Fields) {
        let path = "/var/run/secrets/kubernetes.io/serviceaccount"
        let volume: Value = .string("kube-api-access-\(SecureRandom.text(5, from: .kubernetesName))")
        var isMounted = false
        for list in ["initContainers", "containers"] {
            let containers = fields.spec[list].list.compactMap(\.value)
            guard !containers.isEmpty else { continue }
            let changed = containers.map { container -> Value in
                let mounts = Fields(container).volumeMounts.list
                guard !mounts.contains(where: { $0.mountPath.text == path }) else { return container }
                isMounted = true
                var container = container
                let mount: Value = ["name": volume, "readOnly": true, "mountPath": .string(path)]
                container["volumeMounts"] = .array(mounts.compactMap(\.value) + [mount])
                return container
            }
            pod.set(.array(changed), at: ["spec", list])
        }
        guard isMounted else { return }
        let sources: Value = [
            ["serviceAccountToken": ["expirationSeconds": 3607, "path": "token"]],
            ["configMap": ["name": "kube-root-ca.crt", "items": [["key": "ca.crt", "path": "ca.crt"]]]],
            [
                "downwardAPI": [
                    "items": [
                        ["path": "namespace", "fieldRef": ["apiVersion": "v1", "fieldPath": "metadata.namespace"]]
                    ]
                ]
            ],
        ]
        let token: Value = ["name": volume, "projected": ["sources": sources, "defaultMode": 420]]
        pod.set(.array(fields.spec.volumes.list.compactMap(\.value) + [token]), at: ["spec", "volumes"])
    }

    private func admitPriority(_ pod: inout Value, _ fields: Fields) throws {
        var priority: Int64 = 0
        if let name = fields.spec.priorityClassName.nonEmpty {
            guard let stored = store.get(ObjectKey(.priorityClasses, name: name)) else {
                throw forbidden(fields, "no PriorityClass with name \(name) was found")
            }
            priority = stored.value["value"]?.int ?? 0
        }
        pod.set(.int(priority), at: ["spec", "priority"])
        if !fields.spec.preemptionPolicy.exists {
            pod.set("PreemptLowerPriority", at: ["spec", "preemptionPolicy"])
        }
    }

    private func admitTolerations(_ pod: inout Value, _ fields: Fields) {
        var tolerations = fields.spec.tolerations.list.compactMap(\.value)
        for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] {
            let isTolerated = fields.spec.tolerations.list.contains { toleration in
                (toleration.key.text == key || toleration.key.nonEmpty == nil)
                    && ["", "NoExecute"].contains(toleration.effect.text)
            }
            guard !isTolerated else { continue }
            tolerations.append([
                "key": .string(key), "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300,
            ])
        }
        pod.set(.array(tolerations), at: ["spec", "tolerations"])
    }

    /// Refuses a pod that its namespace does not let in.
    private func checkSecurity(_ pod: Fields) throws {
        guard let namespace = store.get(ObjectKey(.namespaces, name: pod.objectNamespace)) else { return }
        if let violation = PodSecurity(Fields(namespace.value)).violation(of: pod) {
            throw forbidden(pod, violation)
        }
    }

    /// Refuses a pod that would exceed a quota on the number of pods.
    private func checkQuotas(_ pod: Fields) throws {
        for stored in store.list(.resourceQuotas, namespace: pod.objectNamespace).objects {
            let quota = Fields(stored.value)
            for name in ["pods", "count/pods"] {
                guard let limit = quota.spec.hard[name].value.flatMap(Quantity.init) else { continue }
                let used = store.list(.pods, namespace: pod.objectNamespace).objects
                    .filter { !Fields($0.value).isFinishedPod }.count
                guard let wanted = Quantity(.int(Int64(used + 1))), wanted > limit else { continue }
                throw forbidden(
                    pod,
                    "exceeded quota: \(quota.objectName), requested: \(name)=1, used: \(name)=\(used), limited: \(name)=\(limit)"
                )
            }
        }
    }
}
