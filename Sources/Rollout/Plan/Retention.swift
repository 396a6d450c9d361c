// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Records
import Values

/// What stays in the cluster when its component goes (D-3).
enum Retention {
    /// Why an object is kept unless its deletion is asked for; nil when it is not.
    static func reason(of object: KubernetesObject) -> Keep? {
        switch object.kind {
        case "Namespace": .namespace
        case "CustomResourceDefinition": .definition
        case "PersistentVolumeClaim", "PersistentVolume": .data
        default: object.annotations["helm.sh/resource-policy"] == "keep" ? .policy : nil
        }
    }

    /// The Secrets that workloads use which also mount a claim of the same component: they hold its credentials.
    static func credentials(among objects: [(component: String, object: KubernetesObject)]) -> Set<ObjectIdentity> {
        var claims: Set<String> = []
        for (component, object) in objects where object.kind == "PersistentVolumeClaim" {
            claims.insert("\(component)/\(object.name)")
        }
        var secrets: Set<ObjectIdentity> = []
        for (component, object) in objects {
            guard let spec = podSpec(of: object) else { continue }
            let volumes = spec["volumes"]?.array ?? []
            let mounted = volumes.compactMap { $0[path: "persistentVolumeClaim", "claimName"]?.string }
            guard mounted.contains(where: { claims.contains("\(component)/\($0)") }) else { continue }
            for name in secretNames(in: spec) {
                secrets.insert(ObjectIdentity(ObjectKey(.secret, namespace: object.namespace, name: name)))
            }
        }
        return secrets
    }

    private static func podSpec(of object: KubernetesObject) -> Value? {
        switch object.kind {
        case "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job": object["spec", "template", "spec"]
        case "Pod": object["spec"]
        default: nil
        }
    }

    private static func secretNames(in spec: Value) -> Set<String> {
        var names: Set<String> = []
        for volume in spec["volumes"]?.array ?? [] {
            if let name = volume[path: "secret", "secretName"]?.string { names.insert(name) }
            for source in volume[path: "projected", "sources"]?.array ?? [] {
                if let name = source[path: "secret", "name"]?.string { names.insert(name) }
            }
        }
        for container in (spec["initContainers"]?.array ?? []) + (spec["containers"]?.array ?? []) {
            for variable in container["env"]?.array ?? [] {
                if let name = variable[path: "valueFrom", "secretKeyRef", "name"]?.string { names.insert(name) }
            }
            for source in container["envFrom"]?.array ?? [] {
                if let name = source[path: "secretRef", "name"]?.string { names.insert(name) }
            }
        }
        return names
    }
}
