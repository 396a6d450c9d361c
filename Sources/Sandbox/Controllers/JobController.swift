// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Runs the pods of Jobs until enough have succeeded or too many have failed.
///
/// A finalizer holds each pod until its end is counted in the Job's status, so that none is counted twice or missed.
final class JobController: Controller {
    static let tracking = "batch.kubernetes.io/job-tracking"
    private var lastFailures: [String: Duration] = [:]

    func affected(by change: Change, in state: ClusterState) -> [ObjectKey] {
        switch change.resource {
        case .jobs:
            if change.isRemoval { lastFailures[change.object.objectUID] = nil }
            return [change.key]
        case .pods: return change.controllers(.jobs)
        default: return []
        }
    }

    func reconcile(_ key: ObjectKey, in cluster: Cluster) throws {
        try releaseOrphans(of: key, in: cluster)
        guard let job = cluster.state.object(key) else { return }
        guard !job.isTerminating else {
            for pod in cluster.state.controlled(by: job, .pods) where pod.isFinishedPod || pod.isTerminating {
                try release(pod, in: cluster)
            }
            return
        }
        if let end = Self.end(of: job) { return try expire(job, endedAt: end, in: cluster) }
        var pass = JobPass(job, in: cluster, lastFailure: lastFailures[job.objectUID])
        try pass.run()
        lastFailures[job.objectUID] = pass.lastFailure
    }

    /// When a Job ended, whether well or not; nil while it goes on.
    static func end(of job: Fields) -> Timestamp? {
        for type in ["Complete", "Failed"] where job.hasCondition(type) {
            return job.condition(type).lastTransitionTime.time ?? Timestamp(seconds: 0)
        }
        return nil
    }

    /// Removes the finalizer from pods whose Job is gone.
    private func releaseOrphans(of key: ObjectKey, in cluster: Cluster) throws {
        for pod in cluster.state.scan(.pods, in: key.namespace) {
            guard let owner = pod.controllerReference, owner.kind.text == "Job", owner.name.text == key.name,
                cluster.state.key(ofUID: owner.uid.text) == nil
            else { continue }
            try release(pod, in: cluster)
        }
    }

    private func release(_ pod: Fields, in cluster: Cluster) throws {
        try JobPass.release(pod, in: cluster)
    }

    private func expire(_ job: Fields, endedAt end: Timestamp, in cluster: Cluster) throws {
        for pod in cluster.state.controlled(by: job, .pods) {
            if pod.isFinishedPod || pod.isTerminating {
                try release(pod, in: cluster)
            } else {
                try cluster.delete(.pods, pod)
            }
        }
        guard let seconds = job.spec.ttlSecondsAfterFinished.number else { return }
        let left = cluster.pace.scaled(.seconds(seconds)) - (cluster.now - end)
        guard left <= .zero else { return cluster.requeue(after: left * max(cluster.pace.scale, 1)) }
        try cluster.delete(.jobs, job)
    }
}

/// One look at a Job that is not over.
private struct JobPass {
    /// When a pod of the Job last failed: its successor waits the longer, the more have failed.
    private(set) var lastFailure: Duration?
    private let job: Fields
    private let cluster: Cluster
    private var value: Value
    private var succeeded: Int
    private var failed: Int

    init(_ job: Fields, in cluster: Cluster, lastFailure: Duration?) {
        self.job = job
        self.cluster = cluster
        self.lastFailure = lastFailure
        value = job.value ?? .null
        succeeded = job.status.succeeded.number ?? 0
        failed = job.status.failed.number ?? 0
    }

    static func release(_ pod: Fields, in cluster: Cluster) throws {
        let finalizers = pod.metadata.finalizers.list.compactMap(\.value)
        guard finalizers.contains(.string(JobController.tracking)), var value = pod.value else { return }
        let others = finalizers.filter { $0 != .string(JobController.tracking) }
        value.set(others.isEmpty ? nil : .array(others), at: ["metadata", "finalizers"])
        try cluster.update(.pods, value)
    }

    mutating func run() throws {
        let counted = count()
        let active = pods.filter(\.isActivePod)
        if job.spec.suspend.isTrue {
            for pod in active { try delete(pod) }
            value.setCondition(
                "Suspended", true, reason: "JobSuspended", message: "Job suspended", now: cluster.now)
            value.set(nil, at: ["status", "startTime"])
            if !job.hasCondition("Suspended") { cluster.record(.job, on: job, "Suspended", "Job suspended") }
        } else {
            if job.hasCondition("Suspended") {
                value.setCondition(
                    "Suspended", false, reason: "JobResumed", message: "Job resumed", now: cluster.now)
                cluster.record(.job, on: job, "Resumed", "Job resumed")
            }
            if !Fields(value).status.startTime.exists {
                value.set(.string("\(cluster.now)"), at: ["status", "startTime"])
            }
            try decide(active)
        }
        try writeStatus()
        for pod in counted { try Self.release(pod, in: cluster) }
    }

    private var pods: [Fields] { cluster.state.controlled(by: job, .pods) }

    /// Counts the pods that have ended since the last look.
    private mutating func count() -> [Fields] {
        let ended = pods.filter { pod in
            guard pod.metadata.finalizers.list.contains(where: { $0.text == JobController.tracking }) else {
                return false
            }
            let isStopped = pod.isTerminating && (pod.metadata.deletionGracePeriodSeconds.number ?? 0) == 0
            return pod.isFinishedPod || isStopped
        }
        for pod in ended {
            if pod.status.phase.text == "Succeeded" {
                succeeded += 1
            } else if !job.spec.suspend.isTrue {
                failed += 1
                lastFailure = cluster.pace.elapsed()
            }
        }
        return ended
    }

    private mutating func decide(_ active: [Fields]) throws {
        let limit = job.spec.backoffLimit.number ?? 6
        let restarts = active.flatMap(\.status.containerStatuses.list).reduce(0) {
            $0 + ($1.restartCount.number ?? 0)
        }
        let retriesInPlace = job.spec.template.spec.restartPolicy.text == "OnFailure"
        if failed > limit || (retriesInPlace && restarts > 0 && restarts >= limit) {
            return try end(
                active, isComplete: false, "BackoffLimitExceeded", "Job has reached the specified backoff limit")
        }
        if let seconds = job.spec.activeDeadlineSeconds.number,
            let start = Fields(value).status.startTime.time
        {
            let left = cluster.pace.scaled(.seconds(seconds)) - (cluster.now - start)
            guard left > .zero else {
                return try end(
                    active, isComplete: false, "DeadlineExceeded",
                    "Job was active longer than specified deadline")
            }
            cluster.requeue(after: left * max(cluster.pace.scale, 1))
        }
        let completions = job.spec.completions.number
        let isComplete = completions.map { succeeded >= $0 } ?? (succeeded > 0 && active.isEmpty)
        if isComplete {
            return try end(
                active, isComplete: true, "CompletionsReached", "Reached expected number of succeeded pods")
        }
        let parallelism = job.spec.parallelism.number ?? 1
        let rest = completions.map { $0 - succeeded } ?? (succeeded > 0 ? 0 : parallelism)
        try adjust(active, to: min(parallelism, rest))
    }

    private mutating func adjust(_ active: [Fields], to wanted: Int) throws {
        for pod in active.dropFirst(wanted) { try delete(pod) }
        guard active.count < wanted else { return }
        if failed > 0, let lastFailure {
            let pause = cluster.pace.scaled(min(.seconds(360), .seconds(10) * (1 << min(failed - 1, 6))))
            let left = pause - (cluster.pace.elapsed() - lastFailure)
            guard left <= .zero else { return cluster.requeue(after: left * max(cluster.pace.scale, 1)) }
        }
        for _ in active.count..<wanted {
            do {
                let pod = try cluster.createPod(from: job.spec.template, owner: job) { pod in
                    let finalizers = pod[path: "metadata", "finalizers"]?.array ?? []
                    pod.set(.array(finalizers + [.string(JobController.tracking)]), at: ["metadata", "finalizers"])
                }
                cluster.record(.job, on: job, "SuccessfulCreate", "Created pod: \(pod.objectName)")
            } catch let refusal as StatusError {
                cluster.record(
                    .job, on: job, warning: true, "FailedCreate", "Error creating: \(refusal.message)")
                return cluster.requeue(after: .seconds(10))
            }
        }
    }

    private mutating func end(_ active: [Fields], isComplete: Bool, _ reason: String, _ message: String) throws {
        let now = cluster.now
        for type in isComplete ? ["SuccessCriteriaMet", "Complete"] : ["FailureTarget", "Failed"] {
            value.setCondition(type, true, reason: reason, message: message, now: now, stamped: ["lastProbeTime"])
        }
        if isComplete { value.set(.string("\(now)"), at: ["status", "completionTime"]) }
        cluster.record(
            .job, on: job, warning: !isComplete, isComplete ? "Completed" : reason,
            isComplete ? "Job completed" : message)
        for pod in active { try delete(pod) }
    }

    private func delete(_ pod: Fields) throws {
        try cluster.delete(.pods, pod)
        cluster.record(.job, on: job, "SuccessfulDelete", "Deleted pod: \(pod.objectName)")
    }

    private mutating func writeStatus() throws {
        let active = pods.filter(\.isActivePod)
        func set(_ field: String, _ number: Int) {
            value.set(number > 0 ? .int(Int64(number)) : nil, at: ["status", field])
        }
        set("active", Fields(value).hasCondition("Complete") || Fields(value).hasCondition("Failed") ? 0 : active.count)
        set("succeeded", succeeded)
        set("failed", failed)
        value.set(.int(Int64(active.filter(\.isReadyPod).count)), at: ["status", "ready"])
        value.set(.int(Int64(pods.filter { $0.isTerminating }.count)), at: ["status", "terminating"])
        value.set([:], at: ["status", "uncountedTerminatedPods"])
        guard let current = cluster.state.object(ObjectKey(.jobs, of: job))?.value else { return }
        // Deleting pods has not changed the Job itself: its revision is the one that was read.
        guard current[path: "metadata", "resourceVersion"] == value[path: "metadata", "resourceVersion"] else {
            throw StoreError.changed
        }
        try cluster.update(.jobs, value)
    }
}
