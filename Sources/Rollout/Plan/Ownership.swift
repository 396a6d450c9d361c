// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Records
import Values

/// The marks that make an object a member of a deployment, and how to read those of others.
struct Ownership: Sendable {
    let deployment: String
    let namespace: String
    let applySetID: String

    init(deployment: String, namespace: String) {
        self.deployment = deployment
        self.namespace = namespace
        applySetID = ApplySet.id(deployment: deployment, namespace: namespace)
    }

    /// Selects the members of the deployment.
    var selector: Selector { Selector(labels: [RecordKeys.partOf: applySetID]) }

    /// The object as it is sent: what the server decides is left out, our marks are put on.
    func manifest(_ rendered: KubernetesObject, component: String) -> KubernetesObject {
        var object = rendered
        object.value["status"] = nil
        for field in ["managedFields", "creationTimestamp", "resourceVersion", "uid", "generation", "selfLink"] {
            object.value.set(nil, at: ["metadata", field])
        }
        object.labels = object.labels.merging(
            [
                RecordKeys.managedBy: RecordKeys.manager, RecordKeys.partOf: applySetID,
                RecordKeys.deployment: deployment, RecordKeys.component: component,
            ]) { $1 }
        object.annotations = object.annotations.merging([RecordKeys.specHash: ContentHash.spec(rendered)]) { $1 }
        return object
    }

    /// Whether the object carries this deployment's mark.
    func isMember(_ object: KubernetesObject) -> Bool { object.labels[RecordKeys.partOf] == applySetID }

    /// Whether the object was kept by an uninstall of this deployment.
    func isRetained(_ object: KubernetesObject) -> Bool {
        object.annotations[RecordKeys.retained] == applySetID && object.labels[RecordKeys.partOf] == nil
    }

    /// Who an object that is not ours belongs to, for people.
    func owner(of object: KubernetesObject) -> String {
        let annotations = object.annotations
        let labels = object.labels
        if let release = annotations["meta.helm.sh/release-name"] {
            let place = annotations["meta.helm.sh/release-namespace"].map { " in namespace \($0)" } ?? ""
            return "the Helm release \(release)\(place)"
        }
        if let other = labels[RecordKeys.deployment] {
            return other == deployment && object.namespace == namespace
                ? "an earlier deployment \(other)" : "the deployment \(other)"
        }
        if let controller = object.controller { return "\(controller.kind)/\(controller.name)" }
        if let set = labels[RecordKeys.partOf] { return "the ApplySet \(set)" }
        if let manager = labels[RecordKeys.managedBy] { return manager }
        return "somebody else"
    }
}
