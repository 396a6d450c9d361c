// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Values

/// Builds the status of a job: the pod's, whole, with a phase always (C8) and conditions that explain.
struct StatusBuilder: Sendable {
    /// What a status tells of the pod.
    enum Source: Sendable {
        /// The pod's own status.
        case pod(Value?)
        /// What was written before: the pod is gone or going, and nothing newer is known.
        case kept
        /// There is no pod.
        case none
    }

    /// The generation that was looked at.
    let generation: Int64
    /// The job's role, where it has one.
    let role: JobRole?
    var source = Source.none
    /// The phase, where it is not the source's.
    var phase: JobPhase?
    /// Why the job is not run.
    var refusal: JobRefusal?
    var conditions: [JobCondition] = []
    /// Whether conditions of ours that are not told this time stay.
    var keepsConditions = false
    var addition: StatusAdditions.Addition?
    let now: Timestamp

    /// The fields of a pod's status, and our own: what stands there and is said no longer is removed.
    static let ownFields: Set<String> = [
        "phase", "message", "reason", "conditions", "observedGeneration", "training", "hostIP", "hostIPs", "podIP",
        "podIPs", "startTime", "qosClass", "nominatedNodeName", "containerStatuses", "initContainerStatuses",
        "ephemeralContainerStatuses", "resize", "resources", "allocatedResources", "resourceClaimStatuses",
        "extendedResourceClaimStatus", "nodeAllocatableResourceClaimStatuses",
    ]

    /// The status, given the one that is there.
    func status(over old: Value?) -> Value {
        var status = base(old)
        let before = old?["conditions"]?.array ?? []
        let current = status["conditions"]?.array ?? []
        let phase = self.phase ?? JobPhase(ofStatus: .mapping(status))
        status["phase"] = .string(phase.rawValue)
        status["observedGeneration"] = .int(generation)
        if let refusal {
            status["reason"] = .string(refusal.reason.rawValue)
            status["message"] = .string(refusal.message)
        } else if !phase.isFinal, status["message"] == nil, status["reason"] == nil,
            let trouble = conditions.first(where: { $0.status == .no && $0.kind.isTrouble(for: role) })
        {
            // For who looks at the phase alone: it waits for a reason.
            status["reason"] = .string(trouble.reason)
            status["message"] = .string(trouble.message)
        }
        status["conditions"] = .array(merged(current, before))
        status["training"] = addition?.training ?? old?["training"].flatMap { $0.isNull ? nil : $0 }
        return .mapping(status)
    }

    private func base(_ old: Value?) -> Mapping {
        switch source {
        case .pod(let status): return status?.droppingNulls().mapping ?? Mapping()
        case .kept:
            var kept = old?.droppingNulls().mapping ?? Mapping()
            kept.removeAll { key, _ in !Self.ownFields.contains(key) }
            // What the controller waited for is said anew.
            if !(phase ?? JobPhase(ofStatus: old)).isFinal {
                kept.removeAll { key, _ in ["message", "reason"].contains(key) }
            }
            return kept
        case .none: return Mapping()
        }
    }

    /// The pod's conditions, then ours, then those about the training.
    private func merged(_ current: [Value], _ before: [Value]) -> [Value] {
        let ours = Set(JobCondition.Kind.allCases.map(\.rawValue))
        let pods = current.filter { !ours.contains($0["type"]?.string ?? "") }
        let told = conditions + (addition?.conditions ?? [])
        let kinds = Set(told.map(\.kind))
        // What was found out about the training stays until it is found out anew.
        let kept = before.filter { condition in
            guard let kind = condition["type"]?.string.flatMap(JobCondition.Kind.init) else { return false }
            return (kind.isAboutTraining || keepsConditions) && !kinds.contains(kind)
        }
        return pods + told.map { entry($0, before) } + kept
    }

    private func entry(_ condition: JobCondition, _ before: [Value]) -> Value {
        let old = before.first { $0["type"]?.string == condition.kind.rawValue }
        let hasFlipped = old?["status"]?.string != condition.status.rawValue
        let since = hasFlipped ? nil : old?["lastTransitionTime"]?.string
        var entry: Mapping = [
            "type": .string(condition.kind.rawValue), "status": .string(condition.status.rawValue),
            "lastTransitionTime": .string(since ?? now.rfc3339), "observedGeneration": .int(generation),
            "reason": .string(condition.reason),
        ]
        entry["message"] = .string(condition.message)
        return .mapping(entry)
    }
}
