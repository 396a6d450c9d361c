// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Values

/// What is the matter with a job, as its own status tells: one word and one sentence.
public struct JobTrouble: Sendable, Hashable {
    /// One word for programs, as in `ImagePullBackOff`.
    public var reason: String
    /// A sentence for people; may be empty.
    public var message: String

    /// Conditions that pods have: containers tell better what is the matter.
    private static let ofPods: Set<String> = [
        "Initialized", "Ready", "ContainersReady", "PodScheduled", "PodReadyToStartContainers", "DisruptionTarget",
    ]

    /// Finds what matters most; nil when nothing is wrong, or nobody has said.
    ///
    /// Whoever wrote the status: upstream's operator copies the pod's without its conditions, ours explains in conditions.
    public init?(_ job: IflearnerJob) {
        if let reason = job.object["status", "reason"]?.string, !reason.isEmpty {
            self.init(reason: reason, message: job.object["status", "message"]?.string ?? "")
            return
        }
        if job.isRunning, let stalled = job.condition(.stalled), stalled.status == .yes {
            self.init(reason: stalled.type, message: stalled.message)
        } else if !job.isOver, let found = Self.failedCondition(of: job) {
            self.init(reason: found.reason.isEmpty ? found.type : found.reason, message: found.message)
        } else if let found = Self.podTrouble(job) {
            self = found
        } else {
            return nil
        }
    }

    init(reason: String, message: String) {
        self.reason = reason
        self.message = message
    }

    /// The first condition that tells of trouble; of a job that is over, none does any more.
    private static func failedCondition(of job: IflearnerJob) -> Condition? {
        job.object.conditions.first { condition in
            guard condition.status == .no, !ofPods.contains(condition.type) else { return false }
            return JobCondition.Kind(rawValue: condition.type)?.isTrouble(for: job.role) ?? true
        }
    }

    /// What the pod's status, which the job's repeats, says of its containers.
    private static func podTrouble(_ job: IflearnerJob) -> JobTrouble? {
        guard let status = job.status, !job.phase.isEmpty, job.phase != "Succeeded" else { return nil }
        let key = ObjectKey(.pod, namespace: job.key.namespace, name: job.key.name)
        var pod = KubernetesObject(key)
        pod.value["status"] = status
        // Neither rule for pods goes by the time.
        let context = ReadinessContext(objects: ObjectSnapshot(), now: Timestamp(seconds: 0))
        guard let reason = ReadinessRules.evaluate(pod, in: context).reason, reason.code != "PodNotReady" else {
            return nil
        }
        return JobTrouble(reason: reason.code, message: reason.message)
    }
}
