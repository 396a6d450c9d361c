// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Makes the Jobs of CronJobs when their time has come; calendars are not scaled.
final class CronJobController: Controller {
    func affected(by change: Change, in state: ClusterState) -> [ObjectKey] {
        switch change.resource {
        case .cronJobs: change.isRemoval ? [] : [change.key]
        case .jobs: change.controllers(.cronJobs)
        default: []
        }
    }

    func reconcile(_ key: ObjectKey, in cluster: Cluster) throws {
        guard let cronJob = cluster.state.object(key), !cronJob.isTerminating,
            let schedule = CronCalendar(cronJob.spec.schedule.text)
        else { return }
        let now = cluster.now
        var last = cronJob.status.lastScheduleTime.time
        if !cronJob.spec.suspend.isTrue {
            let due = latest(schedule, after: last ?? cronJob.metadata.creationTimestamp.time ?? now, until: now)
            if let due, isInTime(cronJob, due, now), try start(cronJob, at: due, in: cluster) { last = due }
            if let next = schedule.next(after: now) {
                cluster.requeue(after: (next - now) * max(cluster.pace.scale, 1))
            }
        }
        try removeOld(cronJob, in: cluster)
        try updateStatus(key, last: last, in: cluster)
    }

    /// The last time of the schedule in a span: when several were missed, only one is made up for.
    private func latest(_ schedule: CronCalendar, after start: Timestamp, until now: Timestamp) -> Timestamp? {
        var found: Timestamp?
        var instant = start
        while let next = schedule.next(after: instant), next <= now {
            found = next
            instant = next
            // A long pause: begin again close to now.
            if now.seconds - next.seconds > 86_400 * 62 { instant = Timestamp(seconds: now.seconds - 86_400 * 31) }
        }
        return found
    }

    private func isInTime(_ cronJob: Fields, _ due: Timestamp, _ now: Timestamp) -> Bool {
        guard let deadline = cronJob.spec.startingDeadlineSeconds.number else { return true }
        return now - due <= .seconds(deadline)
    }

    private func jobs(of cronJob: Fields, _ cluster: Cluster) -> [Fields] {
        cluster.state.controlled(by: cronJob, .jobs)
    }

    private func start(_ cronJob: Fields, at time: Timestamp, in cluster: Cluster) throws -> Bool {
        let running = jobs(of: cronJob, cluster).filter { JobController.end(of: $0) == nil && !$0.isTerminating }
        if !running.isEmpty {
            switch cronJob.spec.concurrencyPolicy.text {
            case "Forbid":
                cluster.record(
                    .cronJob, on: cronJob, "JobAlreadyActive",
                    "Not starting job because prior execution is running and concurrency policy is Forbid")
                return false
            case "Replace":
                for job in running { try cluster.delete(.jobs, job) }
            default: break
            }
        }
        let name = "\(cronJob.objectName)-\(time.seconds / 60)"
        guard cluster.state.object(.jobs, namespace: cronJob.objectNamespace, name) == nil else { return true }
        let template = cronJob.spec.jobTemplate
        var metadata: Value = [
            "name": .string(name), "namespace": .string(cronJob.objectNamespace),
            "ownerReferences": [cronJob.ownerReference],
        ]
        metadata["labels"] = template.metadata.labels.value
        var annotations: Value = template.metadata.annotations.value ?? [:]
        annotations["batch.kubernetes.io/cronjob-scheduled-timestamp"] = .string("\(time)")
        metadata["annotations"] = annotations
        try cluster.createJob(["metadata": metadata, "spec": template.spec.value ?? [:]])
        cluster.record(.cronJob, on: cronJob, "SuccessfulCreate", "Created job \(name)")
        return true
    }

    private func removeOld(_ cronJob: Fields, in cluster: Cluster) throws {
        for (condition, limit) in [
            ("Complete", cronJob.spec.successfulJobsHistoryLimit.number ?? 3),
            ("Failed", cronJob.spec.failedJobsHistoryLimit.number ?? 1),
        ] {
            let ended = jobs(of: cronJob, cluster).filter { $0.hasCondition(condition) && !$0.isTerminating }
                .sorted { $0.status.startTime.text < $1.status.startTime.text }
            for job in ended.dropLast(limit) {
                try cluster.delete(.jobs, job)
                cluster.record(.cronJob, on: cronJob, "SuccessfulDelete", "Deleted job \(job.objectName)")
            }
        }
    }

    private func updateStatus(_ key: ObjectKey, last: Timestamp?, in cluster: Cluster) throws {
        guard let cronJob = cluster.state.object(key), var value = cronJob.value else { return }
        let active = jobs(of: cronJob, cluster).filter { JobController.end(of: $0) == nil }
        let references = active.map { job -> Value in
            [
                "apiVersion": "batch/v1", "kind": "Job", "namespace": .string(job.objectNamespace),
                "name": .string(job.objectName), "uid": .string(job.objectUID),
            ]
        }
        value.set(references.isEmpty ? nil : .array(references), at: ["status", "active"])
        value.set(last.map { .string("\($0)") }, at: ["status", "lastScheduleTime"])
        let successes = jobs(of: cronJob, cluster).compactMap(\.status.completionTime.nonEmpty)
        if let latest = successes.max(), latest > cronJob.status.lastSuccessfulTime.text {
            value.set(.string(latest), at: ["status", "lastSuccessfulTime"])
        }
        if value["status"] == nil { value["status"] = [:] }
        try cluster.update(.cronJobs, value)
    }
}

extension Cluster {
    /// Creates a Job, with the selector that only its uid can give it.
    fileprivate func createJob(_ job: Value) throws {
        try create(.jobs, job) { admission.admitJob(&$0) }
    }
}
