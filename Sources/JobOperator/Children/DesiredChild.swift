// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Crypto
import Values

/// An object as a job wants it, with a mark of what was applied.
struct DesiredChild: Sendable {
    /// The annotation with the digest of what was applied.
    ///
    /// What is wanted no longer can be told from what others added by it alone: applying again then removes it.
    static let annotation = "iflearnerctl.io/applied"

    /// What is applied.
    let object: KubernetesObject
    /// The digest of it, without the mark.
    let digest: String

    /// Marks an object.
    init(_ object: KubernetesObject) {
        digest = String(Digest.sha256.hex(object.value.json(.canonical)).prefix(32))
        var marked = object
        marked.value.set(.string(digest), at: ["metadata", "annotations", Self.annotation])
        self.object = marked
    }

    /// Whether nothing need be written.
    func isMet(by live: KubernetesObject) -> Bool {
        var wanted = object.value
        wanted.set(nil, at: ["metadata", "ownerReferences"])
        // The versions differ where an Ingress is cached at another one than is spoken.
        wanted["apiVersion"] = nil
        wanted["kind"] = nil
        // One key more in the selector, and the Service finds nothing.
        return live.value.covers(wanted) && live["spec", "selector"] == object["spec", "selector"]
    }
}
