// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Values

/// What is known about the pod of a job before anything is done.
enum PodView: Sendable {
    /// The job's own pod, which stays, or has ended by itself.
    case present(KubernetesObject)
    /// The job's own pod, which is being deleted before it has ended.
    case going(KubernetesObject)
    /// There is no pod, and there is to be none: the job is finished. The pod's last state, where it is still known.
    case finished(KubernetesObject?)
    /// There is no pod of the job's, and one is wanted.
    case wanted

    /// Whether the job has ended: nothing of it runs any more, and nothing will.
    var isOver: Bool {
        switch self {
        case .present(let pod): JobPhase(ofStatus: pod.value["status"]).isFinal
        case .finished: true
        case .going, .wanted: false
        }
    }

    init(_ job: IflearnerJob, _ cache: JobCache) {
        let cached = cache.child(.pod, job.key)
        let own = cached?.isControlled(by: job) == true ? cached?.object : nil
        if let own, PodEnd.isFinal(own) || own.deletionTimestamp == nil {
            // Whoever sees a finished job with a pod that still runs keeps to what was said.
            let isOlder = job.isFinished && JobPhase(ofStatus: own.value["status"]).rawValue != job.phase
            self = isOlder ? .finished(nil) : .present(own)
        } else if let last = cache.lastPod(ofJob: job.uid)?.object, PodEnd.isFinal(last), !job.isFinished {
            self = .finished(last)
        } else if job.isFinished {
            self = .finished(nil)
        } else if let own {
            self = .going(own)
        } else {
            self = .wanted
        }
    }
}
