// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// One look of the node at a container: from waiting over pulling to running, ready, ended and again.
struct ContainerSync {
    /// How soon something happens by itself, in the time of this cluster.
    var wake: Duration?
    let memory: KubeletMemory
    let pod: Fields
    let container: Fields
    let known: Fields
    let isInit: Bool
    let timing: KubeletTiming
    let cluster: Cluster
    let script: PodScript
    let image: String

    init(
        pod: Fields, container: Fields, known: Fields, isInit: Bool, timing: KubeletTiming, memory: KubeletMemory,
        cluster: Cluster
    ) {
        self.pod = pod
        self.container = container
        self.known = known
        self.isInit = isInit
        self.timing = timing
        self.memory = memory
        self.cluster = cluster
        image = container.image.text
        script = PodScript(pod, container, isInit: isInit, timing: timing)
    }

    /// The status of a container that waits for something.
    static func waiting(_ container: Fields, _ reason: String, message: String? = nil, known: Fields = Fields(nil))
        -> Value
    {
        var state: Value = ["reason": .string(reason)]
        if let message { state["message"] = .string(message) }
        return [
            "name": .string(container.name.text), "image": .string(container.image.text),
            "imageID": known.imageID.value ?? "", "ready": false, "started": false,
            "restartCount": .int(Int64(known.restartCount.number ?? 0)), "state": ["waiting": state],
            "lastState": known.lastState.value ?? [:],
        ]
    }

    /// The container's status after this look.
    mutating func advance() -> Value {
        let state = known.state
        if state.running.exists { return run() }
        if state.terminated.exists { return afterEnd() }
        switch state.waiting.reason.text {
        case "CrashLoopBackOff":
            let failures = known.restartCount.number ?? 0
            guard isOver("CrashLoopBackOff", timing.backOff(after: failures)) else { return unchanged }
            return start(restarts: failures + 1)
        case "ErrImagePull":
            guard isOver("ErrImagePull", .seconds(1)) else { return unchanged }
            return backOffPull(known.state.waiting.message.text)
        case "ImagePullBackOff":
            let failures = max(1, cluster.failures(toPull: image, for: pod))
            let isPulling = memory.since(identity, "pull") != nil
            guard isPulling || isOver("ImagePullBackOff", timing.backOff(after: failures)) else { return unchanged }
            return pull()
        default: return create()
        }
    }

    var unchanged: Value { known.value ?? waiting("ContainerCreating") }
    var identity: String { "\(pod.objectUID)/\(container.name.text)" }

    /// Whether the stage that the container is in has lasted long enough; sets the alarm when it has not.
    mutating func isOver(_ stage: String, _ length: Duration) -> Bool {
        let passed = memory.enter(identity, stage, now: cluster.pace.elapsed())
        let needed = cluster.pace.scaled(length)
        guard passed < needed else { return true }
        wake = needed - passed
        return false
    }

    func waiting(_ reason: String, message: String? = nil) -> Value {
        Self.waiting(container, reason, message: message, known: known)
    }

    func record(_ reason: String, _ message: String, warning: Bool = false) {
        let list = isInit ? "initContainers" : "containers"
        cluster.record(
            .kubelet, on: pod, warning: warning, reason, message,
            container: "spec.\(list){\(container.name.text)}")
    }
}
