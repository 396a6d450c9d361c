// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Judges what makes and keeps pods.
enum WorkloadReadiness {
    static func deployment(_ object: KubernetesObject, _ context: ReadinessContext) -> Readiness {
        if object["spec", "paused"]?.bool == true { return .ready(warning: "its rollout is paused") }
        guard object["status", "observedGeneration"] != nil else { return unseen }
        let wanted = object["spec", "replicas"]?.int ?? 1
        let counts = Counts(object, ["replicas", "updatedReplicas", "readyReplicas", "availableReplicas"])
        let (total, updated, ready, available) = (counts[0], counts[1], counts[2], counts[3])
        let progress = [updated, ready, available, updated - total]
        let sets = context.objects.children(of: object.uid, kind: .replicaSet)
        let newest = sets.max { revision($0) < revision($1) }
        let pods = context.objects.children(of: newest?.uid, kind: .pod)
        if let condition = object.condition("Progressing"), condition.status == .no,
            condition.reason == "ProgressDeadlineExceeded"
        {
            let cause = PodReadiness.waiting(for: pods, code: "", message: "", progress: [], context).reason
            guard let cause, cause.object != nil else { return .failed(condition.reason, condition.message) }
            return Readiness(.failed(cause))
        }
        if updated == wanted, total == updated, ready == wanted, available == wanted {
            return .ready
        }
        if let condition = object.condition("ReplicaFailure"), condition.status == .yes {
            return .failing(condition.reason, condition.message, progress: progress)
        }
        let message =
            updated < wanted
            ? "\(updated) of \(wanted) replicas updated"
            : total > updated
                ? "\(total - updated) old replicas still running"
                : "\(min(ready, available)) of \(wanted) replicas ready"
        return PodReadiness.waiting(
            for: pods, code: "ReplicasNotReady", message: message, progress: progress, context)
    }

    static func statefulSet(_ object: KubernetesObject, _ context: ReadinessContext) -> Readiness {
        guard object["status", "observedGeneration"] != nil else {
            // Before Kubernetes 1.22 its controller writes nothing into it as long as it cannot make a pod.
            return unseen.orCreationFailure(of: object, pods: [], context)
        }
        let wanted = object["spec", "replicas"]?.int ?? 1
        let counts = Counts(object, ["replicas", "updatedReplicas", "readyReplicas"])
        let (total, updated, ready) = (counts[0], counts[1], counts[2])
        let current = object["status", "currentRevision"]?.string
        let update = object["status", "updateRevision"]?.string
        let strategy = object["spec", "updateStrategy"]
        let partition = strategy?[path: "rollingUpdate", "partition"]?.int ?? 0
        let isOnDelete = strategy?["type"]?.string == "OnDelete"
        if total == wanted, ready == wanted {
            if isOnDelete {
                let old = wanted - updated
                return current == update || old <= 0
                    ? .ready : .ready(warning: "\(old) pods keep the old template until they are deleted (OnDelete)")
            }
            if partition > 0 ? updated >= wanted - partition : updated >= wanted && current == update { return .ready }
        }
        // Pods come up in order: the first that is not ready holds up the rest.
        let pods = context.objects.children(of: object.uid, kind: .pod).sorted { ordinal($0) < ordinal($1) }
        let blocker = pods.first { !PodReadiness.isReady($0) }
        let message =
            ready < wanted
            ? "\(ready) of \(wanted) replicas ready" + (blocker.map { ", waiting for \($0.name)" } ?? "")
            : "\(updated) of \(wanted) replicas updated"
        return PodReadiness.waiting(
            for: blocker.map { [$0] } ?? [], code: "ReplicasNotReady", message: message, progress: counts.values,
            context
        )
        .orCreationFailure(of: object, pods: pods, context)
    }

    static func daemonSet(_ object: KubernetesObject, _ context: ReadinessContext) -> Readiness {
        guard object["status", "observedGeneration"] != nil else { return unseen }
        let counts = Counts(
            object, ["desiredNumberScheduled", "updatedNumberScheduled", "numberAvailable", "numberReady"])
        let (wanted, updated, available, ready) = (counts[0], counts[1], counts[2], counts[3])
        if wanted == 0 { return .ready(warning: "no node matches it: it runs nowhere") }
        let isOnDelete = object["spec", "updateStrategy"]?["type"]?.string == "OnDelete"
        if available >= wanted, ready >= wanted, isOnDelete || updated >= wanted {
            return updated >= wanted
                ? .ready
                : .ready(warning: "\(wanted - updated) pods keep the old template until they are deleted (OnDelete)")
        }
        let pods = context.objects.children(of: object.uid, kind: .pod)
        let message =
            updated < wanted
            ? "\(updated) of \(wanted) pods updated" : "\(min(ready, available)) of \(wanted) pods ready"
        return PodReadiness.waiting(
            for: pods, code: "PodsNotReady", message: message, progress: counts.values, context
        )
        .orCreationFailure(of: object, pods: pods, context)
    }

    static func replicaSet(_ object: KubernetesObject, _ context: ReadinessContext) -> Readiness {
        let wanted = object["spec", "replicas"]?.int ?? 1
        let counts = Counts(object, ["replicas", "readyReplicas", "availableReplicas"])
        if counts[0] == wanted, counts[1] >= wanted, counts[2] >= wanted { return .ready }
        if let condition = object.condition("ReplicaFailure"), condition.status == .yes {
            return .failing(condition.reason, condition.message, progress: counts.values)
        }
        return PodReadiness.waiting(
            for: context.objects.children(of: object.uid, kind: .pod), code: "ReplicasNotReady",
            message: "\(counts[1]) of \(wanted) replicas ready", progress: counts.values, context)
    }

    private static let unseen = Readiness.progressing("NotObserved", "its controller has not seen it yet")

    private static func revision(_ set: KubernetesObject) -> Int64 {
        set.annotations["deployment.kubernetes.io/revision"].flatMap { Int64($0) } ?? 0
    }

    private static func ordinal(_ pod: KubernetesObject) -> Int64 {
        pod.name.lastIndex(of: "-").flatMap { Int64(pod.name[pod.name.index(after: $0)...]) } ?? .max
    }

    /// Numbers of a status; a missing one is zero.
    private struct Counts {
        var values: [Int64]

        init(_ object: KubernetesObject, _ names: [String]) {
            values = names.map { object["status", $0]?.int ?? 0 }
        }

        subscript(position: Int) -> Int64 { values[position] }
    }
}

extension Readiness {
    /// The failure to make pods at all, which only events of the owner tell for sets without a condition for it.
    func orCreationFailure(
        of object: KubernetesObject, pods: [KubernetesObject], _ context: ReadinessContext
    ) -> Readiness {
        guard case .progressing = verdict,
            let failure = context.objects.latestEvent(about: object, reasons: ["FailedCreate", "SuccessfulCreate"]),
            failure["reason"]?.string == "FailedCreate"
        else { return self }
        return .failing("FailedCreate", failure["message"]?.string ?? "", progress: progress)
    }
}
