// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Judges Jobs: ready means completed, whatever kstatus says.
enum JobReadiness {
    static func evaluate(_ job: KubernetesObject, _ context: ReadinessContext) -> Readiness {
        let pods = context.objects.children(of: job.uid, kind: .pod)
        if job.condition("Complete")?.status == .yes { return .ready }
        if job.condition("Failed")?.status == .yes { return failed(job, pods: pods) }
        if job["spec", "suspend"]?.bool == true { return .ready(warning: "it is suspended") }
        let wanted = job["spec", "completions"]?.int ?? job["spec", "parallelism"]?.int ?? 1
        let succeeded = job["status", "succeeded"]?.int ?? 0
        let failures = job["status", "failed"]?.int ?? 0
        let again = failures > 0 ? ", \(failures) failed and tried again" : ""
        let unfinished = pods.filter { $0["status", "phase"]?.string != "Succeeded" }
        // A ready pod of a Job is one that works, not one that is done.
        guard !unfinished.contains(where: PodReadiness.isReady) else {
            return .progressing(
                "JobRunning", "\(succeeded) of \(wanted) completed\(again)", progress: [succeeded, failures])
        }
        // A failed pod is tried again until the back-off limit, which is the Job's own verdict.
        let alive = unfinished.filter { $0["status", "phase"]?.string != "Failed" }
        return PodReadiness.waiting(
            for: alive, code: "JobRunning", message: "\(succeeded) of \(wanted) completed\(again)",
            progress: [succeeded, failures], context
        ).orCreationFailure(of: job, pods: pods, context)
    }

    /// Why a Job failed: its own reason and how its last pod ended.
    static func failed(_ job: KubernetesObject, pods: [KubernetesObject]) -> Readiness {
        let condition = job.condition("Failed")
        let code = condition.map(\.reason) ?? ""
        var reason = ReadinessReason(code.isEmpty ? "JobFailed" : code, condition?.message ?? "the Job failed")
        let last = pods.filter { $0["status", "phase"]?.string == "Failed" }
            .max { ($0.creationTimestamp ?? "") < ($1.creationTimestamp ?? "") }
        if let last {
            let cause = PodDiagnosis.failure(of: last)
            reason.message += "; pod \(last.name): \(cause.message.isEmpty ? cause.code : cause.message)"
            reason.log = cause.log
        }
        return Readiness(.failed(reason))
    }
}
