// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Crypto
import Values

extension CheckedJob {
    /// The annotation of a pod with the digest of what it was made from: pods cannot follow a changed template (D8).
    static let templateAnnotation = "iflearnerctl.io/template"

    /// What the digest in the annotation is for the present `spec`.
    var templateDigest: String {
        let source: Value = [
            "role": .string(role.rawValue), "schedulername": .string(job.schedulerName),
            "labels": .mapping(labels), "annotations": .mapping(annotations), "spec": .mapping(podSpec),
        ]
        return String(Digest.sha256.hex(source.json(.canonical)).prefix(32))
    }

    /// The pod as upstream makes it: the template, and for a client the trust roots in its first container (C5, C11).
    var podDraft: PodDraft {
        var spec = podSpec
        if !job.schedulerName.isEmpty, (spec["schedulerName"]?.string ?? "").isEmpty {
            spec["schedulerName"] = .string(job.schedulerName)
        }
        if role == .client { mountTrustRoots(in: &spec) }
        return PodDraft(labels: Self.texts(labels), annotations: Self.texts(annotations), spec: .mapping(spec))
    }

    /// The pod of a draft: what the job relies on is set last, whatever shaped it.
    func pod(_ draft: PodDraft) -> KubernetesObject {
        var object = job.child(apiVersion: "v1", kind: "Pod", labels: Mapping())
        var labels = draft.labels
        labels[JobContract.appLabel] = key.name
        object.labels = labels
        var annotations = draft.annotations
        annotations[Self.templateAnnotation] = templateDigest
        object.annotations = annotations
        object.value["spec"] = draft.spec
        return object
    }

    /// Volumes and mounts that a template has already are left as they are: twice they would make the pod invalid (D15).
    private func mountTrustRoots(in spec: inout Mapping) {
        guard var first = containers.first else { return }
        var volumes = spec["volumes"]?.array ?? []
        var mounts = first["volumeMounts"]?.array ?? []
        for root in JobContract.trustRoots {
            if !volumes.contains(where: { $0["name"]?.string == root.configMap }) {
                volumes.append(["name": .string(root.configMap), "configMap": ["name": .string(root.configMap)]])
            }
            if !mounts.contains(where: { $0["mountPath"]?.string == root.mountPath }) {
                mounts.append([
                    "name": .string(root.configMap), "mountPath": .string(root.mountPath), "subPath": .string(root.key),
                    "readOnly": true,
                ])
            }
        }
        first["volumeMounts"] = .array(mounts)
        spec["volumes"] = .array(volumes)
        spec["containers"] = .array([.mapping(first)] + containers.dropFirst().map(Value.mapping))
    }

    private static func texts(_ mapping: Mapping) -> [String: String] {
        var texts: [String: String] = [:]
        for (key, value) in mapping { texts[key] = value.string }
        return texts
    }
}
