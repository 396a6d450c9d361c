// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Values

/// Judges IflearnerJobs, whose upstream operator reports the pod's status and nothing else.
enum IflearnerJobReadiness {
    /// How long the operator may take to make the pod.
    private static let podPatience = Duration.seconds(60)
    /// How long the operator may take from the pod to the ingress.
    private static let ingressPatience = Duration.seconds(30)

    static func evaluate(_ job: KubernetesObject, _ context: ReadinessContext) -> Readiness {
        let pods = context.objects.children(of: job.uid, kind: .pod)
        switch job["status", "phase"]?.string {
        case "Succeeded": return .ready
        case "Failed": return failed(job, pods)
        case "Running" where context.iflearnerJob == .running: return running(job, pods, context)
        case "Running": return .progressing("Running", "the training is running")
        default: break
        }
        if pods.isEmpty, age(of: job, context) >= podPatience {
            return .failing("NoPod", "its operator has made no pod: is the operator running?")
        }
        return PodReadiness.waiting(
            for: pods, code: "Pending", message: "its pod is not running yet", progress: [], context)
    }

    private static func failed(_ job: KubernetesObject, _ pods: [KubernetesObject]) -> Readiness {
        if let pod = pods.first(where: { $0["status", "phase"]?.string == "Failed" }) {
            return Readiness(.failed(PodDiagnosis.failure(of: pod)))
        }
        let reason = job["status", "reason"]?.string ?? ""
        return .failed(reason.isEmpty ? "JobFailed" : reason, job["status", "message"]?.string ?? "the job failed")
    }

    private static func running(
        _ job: KubernetesObject, _ pods: [KubernetesObject], _ context: ReadinessContext
    ) -> Readiness {
        let statuses = job["status", "containerStatuses"]?.array ?? []
        guard !statuses.isEmpty, statuses.allSatisfy({ $0["ready"]?.bool == true }) else {
            return PodReadiness.waiting(
                for: pods, code: "ContainersNotReady", message: "its containers are not all ready", progress: [],
                context)
        }
        if isMissing(.service, job, context) {
            return .progressing("ServiceMissing", "its Service is not there yet")
        }
        let ingress = GroupVersionKind(apiVersion: "networking.k8s.io/v1", kind: "Ingress")
        if isMissing(ingress, job, context) {
            let message =
                "its Ingress is missing (the upstream operator uses extensions/v1beta1, gone since Kubernetes 1.22)"
            let youngest = pods.map { age(of: $0, context) }.min() ?? age(of: job, context)
            return youngest >= ingressPatience
                ? .failing("IngressMissing", message) : .progressing("IngressMissing", "its Ingress is not there yet")
        }
        let endpoints = GroupVersionKind(apiVersion: "v1", kind: "Endpoints")
        if context.objects.knownKinds.contains(endpoints.groupKind) {
            let found = context.objects.object(endpoints, namespace: job.namespace, name: job.name)
            let addresses = (found?["subsets"]?.array ?? []).flatMap { $0["addresses"]?.array ?? [] }
            guard !addresses.isEmpty else { return .progressing("NoEndpoint", "its Service has no ready address yet") }
        }
        return .ready
    }

    /// Whether a child is known to be missing; of kinds that were not looked at, nothing is said.
    private static func isMissing(
        _ kind: GroupVersionKind, _ job: KubernetesObject, _ context: ReadinessContext
    ) -> Bool {
        context.objects.knownKinds.contains(kind.groupKind)
            && context.objects.children(of: job.uid, kind: kind).isEmpty
    }

    private static func age(of object: KubernetesObject, _ context: ReadinessContext) -> Duration {
        guard let created = object.creationTimestamp.flatMap(Timestamp.init(rfc3339:)) else { return .zero }
        return context.now - created
    }
}
