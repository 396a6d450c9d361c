// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Judges claims for storage.
enum ClaimReadiness {
    private static let storageClass = GroupVersionKind(apiVersion: "storage.k8s.io/v1", kind: "StorageClass")

    static func evaluate(_ claim: KubernetesObject, _ context: ReadinessContext) -> Readiness {
        switch claim["status", "phase"]?.string {
        case "Bound": return .ready
        case "Lost": return .failed("ClaimLost", "the volume behind it is gone")
        default: break
        }
        if isDeferred(claim, context) { return .ready }
        if let name = claim["spec", "storageClassName"]?.string, !name.isEmpty,
            context.objects.knownKinds.contains(storageClass.groupKind),
            context.objects.object(storageClass, namespace: nil, name: name) == nil
        {
            return .failing("StorageClassMissing", "there is no StorageClass \(name)")
        }
        let failures: Set<String> = ["ProvisioningFailed", "FailedBinding"]
        let steps = failures.union(["Provisioning", "ExternalProvisioning", "ProvisioningSucceeded"])
        if let event = context.objects.latestEvent(about: claim, reasons: steps),
            let code = event["reason"]?.string, failures.contains(code)
        {
            return .failing(code, event["message"]?.string ?? "")
        }
        return .progressing("ClaimPending", "no volume is bound to it yet")
    }

    /// Whether the volume is only made when a pod needs it: the claim cannot be bound before.
    ///
    /// Once a pod that mounts it has a node, it has to be bound like any other.
    private static func isDeferred(_ claim: KubernetesObject, _ context: ReadinessContext) -> Bool {
        guard claim.annotations["volume.kubernetes.io/selected-node"] == nil else { return false }
        if let name = claim["spec", "storageClassName"]?.string,
            let found = context.objects.object(storageClass, namespace: nil, name: name)
        {
            return found["volumeBindingMode"]?.string == "WaitForFirstConsumer"
        }
        return context.objects.events(about: claim).last?["reason"]?.string == "WaitForFirstConsumer"
    }
}
