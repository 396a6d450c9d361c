// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Finds what keeps a pod from running: `deployment.md` W-1.
enum PodDiagnosis {
    /// What a pod suffers from.
    struct Trouble {
        /// How bad it is, in order.
        enum Severity: Int, Comparable {
            /// It may pass by itself: worth saying, never a failure.
            case passing
            /// A failure once it lasts.
            case stuck
            /// It cannot pass without a change of the pod.
            case hopeless

            static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }
        }

        var severity: Severity
        var reason: ReadinessReason
    }

    /// The worst that a pod suffers from; nil when it is only slow.
    static func trouble(of pod: KubernetesObject, _ context: ReadinessContext) -> Trouble? {
        if pod["status", "phase"]?.string == "Failed" { return Trouble(severity: .stuck, reason: failure(of: pod)) }
        let containers = containerStatuses(pod).compactMap { containerTrouble($0, pod) }
        if let worst = containers.max(by: { $0.severity < $1.severity }) { return worst }
        return schedulingTrouble(pod, context) ?? eventTrouble(pod, context)
    }

    /// Numbers that grow when the pod moves: containers that run, are done and are ready, pulls that went through.
    static func progress(of pod: KubernetesObject, _ context: ReadinessContext) -> [Int64] {
        let statuses = containerStatuses(pod)
        let running = statuses.count { $0.status[path: "state", "running"] != nil }
        let finished = statuses.count { $0.status[path: "state", "terminated", "exitCode"]?.int == 0 }
        let ready = statuses.count { $0.status["ready"]?.bool == true }
        let scheduled = pod.condition("PodScheduled")?.status == .yes ? 1 : 0
        let pulls = context.objects.events(about: pod).filter {
            ["Pulling", "Pulled"].contains($0["reason"]?.string ?? "")
        }
        // A pull that fails is tried again with a "Pulling" of its own: only what went through counts, and the first one.
        let pulled = pulls.count { $0["reason"]?.string == "Pulled" }
        return [running, finished, ready, scheduled, pulled, pulls.isEmpty ? 0 : 1].map { Int64($0) }
    }

    /// Why a pod of phase Failed has failed.
    static func failure(of pod: KubernetesObject) -> ReadinessReason {
        if let reason = pod["status", "reason"]?.string, !reason.isEmpty {
            return ReadinessReason(reason, pod["status", "message"]?.string ?? "", object: pod.key)
        }
        for (status, _) in containerStatuses(pod) {
            guard let ended = status[path: "state", "terminated"], ended["exitCode"]?.int != 0 else { continue }
            let name = status["name"]?.string ?? ""
            return ReadinessReason(
                ended["reason"]?.string ?? "Error", "container \(name): " + ContainerEnd.text(ended), object: pod.key,
                log: .init(pod: pod.key, container: name, previous: false))
        }
        return ReadinessReason("PodFailed", pod["status", "message"]?.string ?? "the pod failed", object: pod.key)
    }

    static func containerStatuses(_ pod: KubernetesObject) -> [(status: Value, isInit: Bool)] {
        (pod["status", "initContainerStatuses"]?.array ?? []).map { ($0, true) }
            + (pod["status", "containerStatuses"]?.array ?? []).map { ($0, false) }
    }

    private static func containerTrouble(_ container: (status: Value, isInit: Bool), _ pod: KubernetesObject)
        -> Trouble?
    {
        let status = container.status
        let name = status["name"]?.string ?? ""
        let what = "\(container.isInit ? "init container" : "container") \(name)"
        let restarts = status["restartCount"]?.int ?? 0
        if let waiting = status[path: "state", "waiting"], let code = waiting["reason"]?.string {
            let said = waiting["message"]?.string ?? ""
            switch code {
            case "InvalidImageName", "ErrImageNeverPull":
                return Trouble(severity: .hopeless, reason: ReadinessReason(code, said, object: pod.key))
            case "ErrImagePull", "ImagePullBackOff", "RegistryUnavailable", "ImageInspectError":
                return Trouble(severity: .stuck, reason: ReadinessReason(code, said, object: pod.key))
            case "CreateContainerConfigError", "CreateContainerError", "RunContainerError", "PreCreateHookError",
                "PostStartHookError", "ContainerCannotRun", "StartError":
                return Trouble(severity: .stuck, reason: ReadinessReason(code, "\(what): \(said)", object: pod.key))
            case "CrashLoopBackOff":
                let last = status[path: "lastState", "terminated"].map { ", last: " + ContainerEnd.text($0) } ?? ""
                return Trouble(
                    severity: restarts >= 3 ? .stuck : .passing,
                    reason: ReadinessReason(
                        code, "\(what) restarted \(restarts) times\(last)", object: pod.key,
                        log: .init(pod: pod.key, container: name, previous: true)))
            default: return nil
            }
        }
        if let ended = status[path: "state", "terminated"], let code = ended["exitCode"]?.int, code != 0 {
            return Trouble(
                severity: .passing,
                reason: ReadinessReason(
                    ended["reason"]?.string ?? "Error", "\(what): " + ContainerEnd.text(ended), object: pod.key,
                    log: .init(pod: pod.key, container: name, previous: false)))
        }
        return nil
    }

    private static func schedulingTrouble(_ pod: KubernetesObject, _ context: ReadinessContext) -> Trouble? {
        guard let condition = pod.condition("PodScheduled"), condition.status == .no else { return nil }
        let reason = ReadinessReason(condition.reason, condition.message, object: pod.key)
        guard condition.reason == "Unschedulable" else { return Trouble(severity: .passing, reason: reason) }
        // The cluster autoscaler is about to bring a node.
        let isGrowing = context.objects.latestEvent(about: pod, reasons: ["TriggeredScaleUp"]) != nil
        return Trouble(severity: isGrowing ? .passing : .stuck, reason: reason)
    }

    /// What only events tell: volumes, sandboxes, probes.
    private static func eventTrouble(_ pod: KubernetesObject, _ context: ReadinessContext) -> Trouble? {
        let stuck: Set<String> = [
            "FailedMount", "FailedAttachVolume", "FailedMapVolume", "FailedCreatePodSandBox", "NetworkNotReady",
            "FailedPostStartHook",
        ]
        // A later sign of life makes an earlier event history.
        let events = context.objects.events(about: pod)
        guard let last = events.last(where: { ["Warning"].contains($0["type"]?.string ?? "") }) else { return nil }
        let code = last["reason"]?.string ?? ""
        let isOver =
            events.last { ["Started", "Created", "Pulled"].contains($0["reason"]?.string ?? "") }
            .map { ObjectSnapshot.time(of: $0) > ObjectSnapshot.time(of: last) } ?? false
        let reason = ReadinessReason(code, last["message"]?.string ?? "", object: pod.key)
        if stuck.contains(code), !isOver { return Trouble(severity: .stuck, reason: reason) }
        // A slow start fails its probes too: worth saying, no failure before the component's time is over.
        if code == "Unhealthy" { return Trouble(severity: .passing, reason: reason) }
        return nil
    }
}
