// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Judges objects by pure functions of the object and what is known around it.
///
/// The rules are those of `deployment.md` §6.5.
public enum ReadinessRules {
    /// Whether an object is ready.
    public static func evaluate(_ object: KubernetesObject, in context: ReadinessContext) -> Readiness {
        if let stale = stale(object, after: context.written) { return stale }
        if let generic = generic(object) { return generic }
        switch (object.groupVersionKind.group, object.kind) {
        case ("apps", "Deployment"), ("extensions", "Deployment"): return WorkloadReadiness.deployment(object, context)
        case ("apps", "StatefulSet"): return WorkloadReadiness.statefulSet(object, context)
        case ("apps", "DaemonSet"): return WorkloadReadiness.daemonSet(object, context)
        case ("apps", "ReplicaSet"): return WorkloadReadiness.replicaSet(object, context)
        case ("batch", "Job"): return JobReadiness.evaluate(object, context)
        case ("", "Pod"): return PodReadiness.evaluate(object, context)
        case ("", "PersistentVolumeClaim"): return ClaimReadiness.evaluate(object, context)
        case ("", "Service"): return NetworkReadiness.service(object, context)
        case ("networking.k8s.io", "Ingress"), ("extensions", "Ingress"):
            return NetworkReadiness.ingress(object, context)
        case ("apiextensions.k8s.io", "CustomResourceDefinition"): return DefinitionReadiness.definition(object)
        case ("apiregistration.k8s.io", "APIService"): return DefinitionReadiness.apiService(object)
        case ("", "Namespace"): return DefinitionReadiness.namespace(object)
        case ("autoscaling", "HorizontalPodAutoscaler"): return DefinitionReadiness.autoscaler(object)
        case ("git.iflytek.com", "IflearnerJob"): return IflearnerJobReadiness.evaluate(object, context)
        default:
            return isBuiltin(object.groupVersionKind.group) ? .ready : ConditionReadiness.evaluate(object)
        }
    }

    /// What to say about a Job that is gone: its time to live may end before anyone has looked.
    ///
    /// `last` is its last known state, `events` are those about its uid.
    public static func evaluateVanishedJob(last: KubernetesObject, events: [KubernetesObject]) -> Readiness {
        if last.condition("Complete")?.status == .yes { return .ready }
        if last.condition("Failed")?.status == .yes { return JobReadiness.failed(last, pods: []) }
        let reasons = events.filter { $0["involvedObject", "uid"]?.string == last.uid }
            .compactMap { $0["reason"]?.string }
        if reasons.contains("Completed") { return .ready }
        return .failed("JobVanished", "the Job is gone and nothing tells whether it completed")
    }

    /// A state older than our own write says nothing about it.
    private static func stale(_ object: KubernetesObject, after written: KubernetesObject?) -> Readiness? {
        guard let written else { return nil }
        if let uid = written.uid, let seen = object.uid, uid != seen {
            return .progressing("Replaced", "another object of this name has taken its place")
        }
        let isOlder =
            if let wanted = written.generation, let seen = object.generation {
                seen < wanted
            } else if let wanted = written.resourceVersion.flatMap({ UInt64($0) }),
                let seen = object.resourceVersion.flatMap({ UInt64($0) })
            {
                seen < wanted
            } else {
                false
            }
        return isOlder ? .progressing("NotYetSeen", "the change has not been seen yet") : nil
    }

    private static func generic(_ object: KubernetesObject) -> Readiness? {
        if object.deletionTimestamp != nil, object.kind != "Namespace" {
            let holders = object.finalizers
            let finalizers = holders.isEmpty ? "" : ", waiting for the finalizers \(holders.joined(separator: ", "))"
            return .progressing("Terminating", "it is being deleted" + finalizers)
        }
        if let generation = object.generation, let observed = object["status", "observedGeneration"]?.int,
            observed < generation
        {
            return .progressing("LatestGenerationNotObserved", "its controller has not seen the change yet")
        }
        return nil
    }

    /// Whether a group is Kubernetes' own: objects of other kinds in it need nothing but to exist.
    private static func isBuiltin(_ group: String) -> Bool {
        !group.contains(".")
            || (group.hasSuffix(".k8s.io") && !group.hasSuffix(".x-k8s.io") && group != "gateway.networking.k8s.io")
    }
}
