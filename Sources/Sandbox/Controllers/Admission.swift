// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// What the API server adds to new workloads, or refuses, because of other objects.
///
/// The REST layer calls it after the defaults of the types and before the object is stored; controllers call it for their pods.
struct Admission: Sendable {
    let store: ObjectStore

    /// Gives a Job without a manual selector its own: labels that carry its uid and name.
    func admitJob(_ job: inout Value) {
        let fields = Fields(job)
        guard !fields.spec.manualSelector.isTrue else { return }
        let uid: Value = .string(fields.objectUID)
        let name: Value = .string(fields.objectName)
        for label in ["batch.kubernetes.io/controller-uid", "controller-uid"] {
            job.set(uid, at: ["spec", "template", "metadata", "labels", label])
        }
        for label in ["batch.kubernetes.io/job-name", "job-name"] {
            job.set(name, at: ["spec", "template", "metadata", "labels", label])
        }
        if !fields.spec.selector.exists {
            job.set(uid, at: ["spec", "selector", "matchLabels", "batch.kubernetes.io/controller-uid"])
        }
    }

    /// Gives a claim that names no class the default one; of several the newest.
    func admitClaim(_ claim: inout Value) {
        guard claim[path: "spec", "storageClassName"] == nil else { return }
        let defaults = store.list(.storageClasses).objects.filter {
            Fields($0.value).metadata.annotations["storageclass.kubernetes.io/is-default-class"].text == "true"
        }
        guard let newest = defaults.max(by: { $0.revision < $1.revision }) else { return }
        claim.set(.string(newest.key.name), at: ["spec", "storageClassName"])
    }
}
