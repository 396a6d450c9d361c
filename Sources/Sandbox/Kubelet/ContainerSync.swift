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
    private let timing: KubeletTiming
    let cluster: Cluster
    private let script: PodScript
    private let image: String

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

    private var unchanged: Value { known.value ?? waiting("ContainerCreating") }
    private var identity: String { "\(pod.objectUID)/\(container.name.text)" }

    /// Whether the stage that the container is in has lasted long enough; sets the alarm when it has not.
    private mutating func isOver(_ stage: String, _ length: Duration) -> Bool {
        let passed = memory.enter(identity, stage, now: cluster.pace.elapsed())
        let needed = cluster.pace.scaled(length)
        guard passed < needed else { return true }
        wake = needed - passed
        return false
    }

    private func waiting(_ reason: String, message: String? = nil) -> Value {
        Self.waiting(container, reason, message: message, known: known)
    }

    private func record(_ reason: String, _ message: String, warning: Bool = false) {
        let list = isInit ? "initContainers" : "containers"
        cluster.record(
            .kubelet, on: pod, warning: warning, reason, message,
            container: "spec.\(list){\(container.name.text)}")
    }

    // MARK: Starting

    private mutating func create() -> Value {
        guard ImageReference(image) != nil else {
            let message =
                "Failed to apply default image tag \"\(image)\": couldn't parse image name \"\(image)\": invalid reference format"
            if known.state.waiting.reason.text != "InvalidImageName" {
                record("InspectFailed", message, warning: true)
                record("Failed", "Error: InvalidImageName", warning: true)
            }
            return waiting("InvalidImageName", message: message)
        }
        if let problem = PodReferences(pod, in: cluster.state).environmentProblem(of: container) {
            if known.state.waiting.message.text != problem { record("Failed", "Error: \(problem)", warning: true) }
            return waiting("CreateContainerConfigError", message: problem)
        }
        return pull()
    }

    private mutating func pull() -> Value {
        let policy = container.imagePullPolicy.nonEmpty ?? "IfNotPresent"
        if memory.has(image), policy != "Always", script.pullError == nil {
            guard isOver("start", timing.start) else { return unchanged }
            record("Pulled", "Container image \"\(image)\" already present on machine")
            return start(restarts: known.restartCount.number ?? 0)
        }
        if policy == "Never" {
            let message = "Container image \"\(image)\" is not present with pull policy of Never"
            if known.state.waiting.reason.text != "ErrImageNeverPull" {
                record("ErrImageNeverPull", message, warning: true)
                record("Failed", "Error: ErrImageNeverPull", warning: true)
            }
            return waiting("ErrImageNeverPull", message: message)
        }
        if memory.since(identity, "pull") == nil {
            warnOfMissingPullSecrets()
            record("Pulling", "Pulling image \"\(image)\"")
        }
        let length = memory.has(image) ? timing.start : timing.pull
        guard isOver("pull", length) else { return unchanged }
        if let error = script.pullError {
            record("Failed", "Failed to pull image \"\(image)\": \(error)", warning: true)
            record("Failed", "Error: ErrImagePull", warning: true)
            _ = isOver("ErrImagePull", .seconds(1))
            return waiting("ErrImagePull", message: error)
        }
        memory.keep(image)
        let time = Self.seconds(length)
        record(
            "Pulled",
            "Successfully pulled image \"\(image)\" in \(time) (\(time) including waiting). Image size: \(ImageIdentity.size(image)) bytes."
        )
        return start(restarts: known.restartCount.number ?? 0)
    }

    /// A pull secret that is not there stops nothing: the registry may not want it.
    private func warnOfMissingPullSecrets() {
        let missing = pod.spec.imagePullSecrets.list.map(\.name.text).filter {
            cluster.state.object(.secrets, namespace: pod.objectNamespace, $0) == nil
        }
        guard !missing.isEmpty else { return }
        cluster.record(
            .kubelet, on: pod, warning: true, "FailedToRetrieveImagePullSecret",
            "Unable to retrieve some image pull secrets (\(missing.joined(separator: ", "))); attempting to pull the image may not succeed."
        )
    }

    private mutating func backOffPull(_ error: String) -> Value {
        record("BackOff", "Back-off pulling image \"\(image)\"")
        record("Failed", "Error: ImagePullBackOff", warning: true)
        _ = isOver("ImagePullBackOff", timing.backOff(after: max(1, cluster.failures(toPull: image, for: pod))))
        return waiting(
            "ImagePullBackOff", message: "Back-off pulling image \"\(image)\": ErrImagePull: \(error)")
    }

    private mutating func start(restarts: Int) -> Value {
        record("Created", "Created container: \(container.name.text)")
        record("Started", "Started container \(container.name.text)")
        let id = "simulated://\(ImageIdentity.digest("\(identity)/\(restarts)"))"
        let status: Value = [
            "name": .string(container.name.text), "image": .string(image), "imageID": .string(ImageIdentity.of(image)),
            "containerID": .string(id), "ready": false,
            "started": .bool(!container.startupProbe.exists), "restartCount": .int(Int64(restarts)),
            "state": ["running": ["startedAt": .string("\(cluster.now)")]],
            "lastState": known.lastState.value ?? [:],
        ]
        // Looked at again at once: some containers are ready as soon as they run.
        var next = ContainerSync(
            pod: pod, container: container, known: Fields(status), isInit: isInit, timing: timing, memory: memory,
            cluster: cluster)
        let result = next.run()
        wake = next.wake
        return result
    }

    // MARK: Running

    private mutating func run() -> Value {
        var status = known.value ?? .null
        let passed = memory.enter(identity, "run", now: cluster.pace.elapsed())
        let progress = follow()
        switch progress {
        case .ended(let ending)?: return end(&status, ending)
        case .ready(let isReady)?:
            status["ready"] = .bool(isReady)
            if isReady { status["started"] = true }
            return status
        case .probed?: probe(&status, after: passed)
        case nil:
            if let ending = script.ending {
                let left = cluster.pace.scaled(ending.after) - passed
                guard left > .zero else { return end(&status, ending) }
                wake = left
            }
            // A container that crashes is not ready before: it would only flicker.
            if (script.ending?.exitCode ?? 0) == 0 { probe(&status, after: passed) }
            if status["ready"] == true, let ending = train() { return end(&status, ending) }
        }
        return status
    }

    /// Makes a container ready when its probe passes.
    private mutating func probe(_ status: inout Value, after passed: Duration) {
        guard !known.ready.isTrue, !isInit || container.restartPolicy.text == "Always" else { return }
        guard let delay = script.readyAfter else {
            if container.readinessProbe.exists, memory.since("\(identity)/unhealthy", "unhealthy") == nil {
                _ = memory.enter("\(identity)/unhealthy", "unhealthy", now: cluster.pace.elapsed())
                record("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503", warning: true)
            }
            return
        }
        let left = cluster.pace.scaled(delay) - passed
        guard left <= .zero else {
            wake = min(left, wake ?? left)
            return
        }
        status["ready"] = true
        status["started"] = true
    }

    private mutating func end(_ status: inout Value, _ ending: PodScript.Ending) -> Value {
        let started = known.state.running.startedAt.value ?? .string("\(cluster.now)")
        var terminated: Value = [
            "exitCode": .int(Int64(ending.exitCode)), "reason": .string(ending.reason), "startedAt": started,
            "finishedAt": .string("\(cluster.now)"), "containerID": known.containerID.value ?? "",
        ]
        if !ending.message.isEmpty { terminated["message"] = .string(ending.message) }
        status["state"] = ["terminated": terminated]
        status["ready"] = false
        status["started"] = false
        if restarts(after: ending.exitCode) { _ = isOver("ended", .seconds(1)) }
        return status
    }

    private func restarts(after exitCode: Int) -> Bool {
        if isInit {
            return container.restartPolicy.text == "Always"
                || exitCode != 0 && pod.spec.restartPolicy.text != "Never"
        }
        switch pod.spec.restartPolicy.text {
        case "Never": return false
        case "OnFailure": return exitCode != 0
        default: return true
        }
    }

    private mutating func afterEnd() -> Value {
        guard restarts(after: known.state.terminated.exitCode.number ?? 0) else { return unchanged }
        guard isOver("ended", .seconds(1)) else { return unchanged }
        let count = known.restartCount.number ?? 0
        var status = known.value ?? .null
        status["lastState"] = known.state.value
        let next = Fields(status)
        if count == 0 {
            var sync = ContainerSync(
                pod: pod, container: container, known: next, isInit: isInit, timing: timing, memory: memory,
                cluster: cluster)
            let result = sync.start(restarts: 1)
            wake = sync.wake
            return result
        }
        let pause = timing.backOff(after: count)
        let text =
            "back-off \(Self.goDuration(pause)) restarting failed container=\(container.name.text) pod=\(pod.objectName)_\(pod.objectNamespace)(\(pod.objectUID))"
        record(
            "BackOff",
            "Back-off restarting failed container \(container.name.text) in pod \(pod.objectName)_\(pod.objectNamespace)(\(pod.objectUID))",
            warning: true)
        _ = isOver("CrashLoopBackOff", pause)
        return Self.waiting(container, "CrashLoopBackOff", message: text, known: next)
    }

    private static func seconds(_ duration: Duration) -> String {
        let parts = duration.components
        let milliseconds = parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000
        return milliseconds < 1000
            ? "\(milliseconds)ms" : "\(milliseconds / 1000).\(Timestamp.padded(milliseconds % 1000, 3))s"
    }

    private static func goDuration(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        return seconds < 60 ? "\(seconds)s" : "\(seconds / 60)m\(seconds % 60)s"
    }
}

extension Cluster {
    /// How often pulling an image for a pod has failed, as the pod's events tell.
    func failures(toPull image: String, for pod: Fields) -> Int {
        state.scan(.events, in: pod.objectNamespace).first { event in
            event.involvedObject.uid.text == pod.objectUID && event.reason.text == "Failed"
                && event.message.text.hasPrefix("Failed to pull image \"\(image)\"")
        }?.count.number ?? 0
    }
}
