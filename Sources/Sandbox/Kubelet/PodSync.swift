// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// One look of the node at a pod that runs or shall run.
struct PodSync {
    private let memory: KubeletMemory
    private let pod: Fields
    private let timing: KubeletTiming
    private let cluster: Cluster
    private var status: Value
    private var wake: Duration?

    init(_ pod: Fields, timing: KubeletTiming, memory: KubeletMemory, cluster: Cluster) {
        self.pod = pod
        self.timing = timing
        self.memory = memory
        self.cluster = cluster
        status = ["status": pod.status.value ?? [:]]
        for container in pod.status.containerStatuses.list where container.imageID.nonEmpty != nil {
            memory.keep(container.image.text)
        }
    }

    /// Moves every container on as far as it can go now, and writes what has changed.
    mutating func run() throws {
        set("hostIP", "127.0.0.1")
        set("hostIPs", [["ip": "127.0.0.1"]])
        if !pod.status.startTime.exists { set("startTime", .string("\(cluster.now)")) }
        let volumes = PodReferences(pod, in: cluster.state).volumeProblem
        if let volumes {
            if pod.status.containerStatuses.list.isEmpty || memory.since("\(pod.objectUID)/volumes", volumes) == nil {
                _ = memory.enter("\(pod.objectUID)/volumes", volumes, now: cluster.pace.elapsed())
                cluster.record(.kubelet, on: pod, warning: true, "FailedMount", volumes)
            }
        } else if !pod.status.podIP.exists {
            let address: Value = .string(memory.address(for: pod, in: cluster.state))
            set("podIP", address)
            set("podIPs", [["ip": address]])
        }
        let isInitialized = runInitContainers(hasVolumes: volumes == nil)
        runContainers(isInitialized: isInitialized, hasVolumes: volumes == nil)
        setConditions(isInitialized: isInitialized, hasSandbox: volumes == nil)
        guard var value = cluster.state.object(ObjectKey(.pods, of: pod))?.value else { return }
        value["status"] = status["status"]
        try cluster.update(.pods, value)
        if let wake { cluster.requeue(after: wake * max(cluster.pace.scale, 1)) }
    }

    private mutating func set(_ field: String, _ value: Value) { status.set(value, at: ["status", field]) }

    // MARK: Containers

    /// Runs the init containers one after another; true when all have done their work.
    private mutating func runInitContainers(hasVolumes: Bool) -> Bool {
        let containers = pod.spec.initContainers.list
        guard !containers.isEmpty else { return true }
        if pod.hasCondition("Initialized") { return true }
        var statuses: [Value] = []
        var isBlocked = !hasVolumes
        for container in containers {
            let known = known(container, in: pod.status.initContainerStatuses)
            guard !isBlocked else {
                statuses.append(known.value ?? ContainerSync.waiting(container, "PodInitializing"))
                continue
            }
            let next = sync(container, known, isInit: true)
            statuses.append(next)
            let state = Fields(next).state
            let isDone =
                container.restartPolicy.text == "Always"
                ? Fields(next).started.isTrue : state.terminated.exists && state.terminated.exitCode.number == 0
            if !isDone { isBlocked = true }
        }
        set("initContainerStatuses", .array(statuses))
        return !isBlocked
    }

    private mutating func runContainers(isInitialized: Bool, hasVolumes: Bool) {
        let containers = pod.spec.containers.list
        let statuses = containers.map { container -> Value in
            let known = known(container, in: pod.status.containerStatuses)
            guard isInitialized, hasVolumes || known.value != nil && known.state.waiting.exists == false else {
                let hasInit = !pod.spec.initContainers.list.isEmpty
                return known.value
                    ?? ContainerSync.waiting(container, hasInit ? "PodInitializing" : "ContainerCreating")
            }
            return sync(container, known, isInit: false)
        }
        set("containerStatuses", .array(statuses))
    }

    private func known(_ container: Fields, in statuses: Fields) -> Fields {
        statuses.list.first { $0.name.text == container.name.text } ?? Fields(nil)
    }

    private mutating func sync(_ container: Fields, _ known: Fields, isInit: Bool) -> Value {
        var sync = ContainerSync(
            pod: pod, container: container, known: known, isInit: isInit, timing: timing, memory: memory,
            cluster: cluster)
        let next = sync.advance()
        if let wait = sync.wake { wake = min(wait, wake ?? wait) }
        return next
    }

    // MARK: Conditions

    private mutating func setConditions(isInitialized: Bool, hasSandbox: Bool) {
        let now = cluster.now
        let statuses = Fields(status).status.containerStatuses.list
        let phase = PodPhase.of(pod, Fields(status).status)
        set("phase", .string(phase))
        if !Fields(status).status.qosClass.exists { set("qosClass", .string(PodResources(pod.spec).qualityOfService)) }
        status.setCondition(
            "PodReadyToStartContainers", hasSandbox && phase != "Succeeded" && phase != "Failed", now: now)
        if phase == "Succeeded" {
            for type in ["Initialized", "Ready", "ContainersReady"] {
                status.setCondition(type, type == "Initialized", reason: "PodCompleted", now: now)
            }
            return
        }
        if isInitialized {
            status.setCondition("Initialized", true, now: now)
        } else {
            let waiting = Fields(status).status.initContainerStatuses.list.filter {
                $0.state.terminated.exitCode.number != 0
            }.map(\.name.text)
            status.setCondition(
                "Initialized", false, reason: "ContainersNotInitialized",
                message: "containers with incomplete status: [\(waiting.joined(separator: " "))]", now: now)
        }
        let unready = statuses.filter { !$0.ready.isTrue }.map(\.name.text)
        for type in ["Ready", "ContainersReady"] {
            if unready.isEmpty {
                status.setCondition(type, true, now: now)
            } else if phase == "Failed" {
                status.setCondition(type, false, reason: "PodFailed", now: now)
            } else {
                status.setCondition(
                    type, false, reason: "ContainersNotReady",
                    message: "containers with unready status: [\(unready.joined(separator: " "))]", now: now)
            }
        }
    }
}

/// The phase of a pod, from what its containers do.
enum PodPhase {
    static func of(_ pod: Fields, _ status: Fields) -> String {
        let policy = pod.spec.restartPolicy.nonEmpty ?? "Always"
        let specs = pod.spec.initContainers.list
        for (position, container) in status.initContainerStatuses.list.enumerated() {
            let lasts = position < specs.count && specs[position].restartPolicy.text == "Always"
            if lasts, container.started.isTrue { continue }
            let state = container.state
            if state.terminated.exists {
                if state.terminated.exitCode.number == 0 { continue }
                return policy == "Never" ? "Failed" : "Pending"
            }
            return "Pending"
        }
        var running = 0
        var succeeded = 0
        var stopped = 0
        for container in status.containerStatuses.list {
            if container.state.running.exists {
                running += 1
            } else if container.state.terminated.exists {
                stopped += 1
                if container.state.terminated.exitCode.number == 0 { succeeded += 1 }
            } else if container.lastState.terminated.exists {
                stopped += 1
            } else {
                return "Pending"
            }
        }
        if running > 0 { return "Running" }
        guard stopped > 0 else { return "Pending" }
        if policy == "Always" { return "Running" }
        if stopped == succeeded { return "Succeeded" }
        return policy == "Never" ? "Failed" : "Running"
    }
}
