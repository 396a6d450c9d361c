// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// The simulated node: takes the pods bound to it from Pending to Running, to their end, and out of the way.
final class Kubelet: Controller {
    private let timing: KubeletTiming
    private let memory: KubeletMemory

    init(timing: KubeletTiming = KubeletTiming(), _ memory: KubeletMemory = KubeletMemory()) {
        self.timing = timing
        self.memory = memory
    }

    func affected(by change: Change, in state: ClusterState) -> [ObjectKey] {
        switch change.resource {
        case .pods:
            guard change.object.spec.nodeName.text == Cluster.nodeName else { return [] }
            if change.isRemoval {
                memory.forget(pod: change.object.objectUID)
                return []
            }
            return [change.key]
        case .configMaps, .secrets:
            return state.scan(.pods, in: change.namespace).filter { pod in
                pod.spec.nodeName.text == Cluster.nodeName && pod.isActivePod && pod.status.phase.text == "Pending"
            }.map { ObjectKey(.pods, of: $0) }
        default: return []
        }
    }

    func reconcile(_ key: ObjectKey, in cluster: Cluster) throws {
        guard let pod = cluster.state.object(key), pod.spec.nodeName.text == Cluster.nodeName else { return }
        if pod.isTerminating { return try stop(pod, in: cluster) }
        guard !pod.isFinishedPod else {
            memory.release(pod: pod.objectUID)
            return
        }
        var sync = PodSync(pod, timing: timing, memory: memory, cluster: cluster)
        try sync.run()
    }

    /// Stops the containers of a pod that is being deleted, within its grace period, and lets it go.
    private func stop(_ pod: Fields, in cluster: Cluster) throws {
        let running = pod.status.containerStatuses.list.filter(\.state.running.exists)
        let grace = Duration.seconds(pod.metadata.deletionGracePeriodSeconds.number ?? 0)
        let stage = "\(pod.objectUID)/"
        let now = cluster.pace.elapsed()
        let isNew = memory.since(stage, "stop") == nil
        if isNew {
            memory.programs?.running.cancel(pod: pod.objectUID)
            memory.trainings?.leave(pod: pod.objectUID)
        }
        // A program says when it has stopped, unless its time is over before.
        let isBusy = memory.programs?.running.isRunning(pod: pod.objectUID) ?? false
        let wait = running.isEmpty || pod.isFinishedPod ? .zero : isBusy ? grace : min(grace, timing.stop)
        let passed = memory.enter(stage, "stop", now: now)
        if isNew {
            for container in running {
                cluster.record(
                    .kubelet, on: pod, "Killing", "Stopping container \(container.name.text)",
                    container: "spec.containers{\(container.name.text)}")
            }
            if wait > .zero, var value = pod.value {
                // It takes no more traffic from now on.
                for type in ["Ready", "ContainersReady"] {
                    value.setCondition(type, false, reason: "PodTerminating", now: cluster.now)
                }
                try cluster.update(.pods, value)
            }
        }
        let scaled = cluster.pace.scaled(wait)
        guard passed >= scaled else { return cluster.requeue(after: (scaled - passed) * max(cluster.pace.scale, 1)) }
        memory.forget(pod: pod.objectUID)
        try cluster.finishDeletion(of: .pods, pod)
    }
}
