// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension TableLayout {
    static let pods = TableLayout(
        TableColumn.text("Ready", "Status", "Restarts"),
        wide: TableColumn.wide("IP", "Node", "Nominated Node", "Readiness Gates"),
        cells: { pod, now in
            let summary = PodSummary(pod)
            return [
                .string("\(summary.readyContainers)/\(summary.containers)"), .string(summary.status),
                .string(summary.restartText(now: now)),
            ]
        },
        wideCells: { pod in
            let gates = pod.spec.readinessGates.list
            let passed = gates.filter { pod.hasCondition($0.conditionType.text) }.count
            return [
                Cells.text(pod.status.podIPs.list.first?.ip ?? pod.status.podIP), Cells.text(pod.spec.nodeName),
                Cells.text(pod.status.nominatedNodeName),
                gates.isEmpty ? Cells.none : .string("\(passed)/\(gates.count)"),
            ]
        })
}

/// What a pod's row says about its containers.
struct PodSummary {
    /// Containers that count as ready.
    private(set) var readyContainers = 0
    /// Containers that should become ready: the ordinary ones and the init containers that keep running.
    private(set) var containers: Int
    /// Restarts of the containers that matter in this stage.
    private(set) var restarts = 0
    /// When a container last ended before a restart.
    private(set) var lastRestart: Timestamp?
    /// One word on the pod's state, the reason of the worst container where there is one.
    private(set) var status: String

    /// Looks at a pod's status.
    init(_ pod: Fields) {
        let initContainers = pod.spec.initContainers.list
        let lasting = Set(initContainers.filter { $0.restartPolicy.text == "Always" }.map(\.name.text))
        containers = pod.spec.containers.list.count + lasting.count
        status = pod.status.reason.nonEmpty ?? pod.status.phase.text
        if pod.condition("PodScheduled").reason.text == "SchedulingGated" { status = "SchedulingGated" }

        let initializing = readInitContainers(pod, lasting: lasting)
        if !initializing || pod.hasCondition("Initialized") { readContainers(pod, lasting: lasting) }

        guard pod.metadata.deletionTimestamp.exists else { return }
        if pod.status.reason.text == "NodeLost" {
            status = "Unknown"
        } else if !["Succeeded", "Failed"].contains(pod.status.phase.text) {
            status = "Terminating"
        }
    }

    /// The restarts, with the time since the last one.
    func restartText(now: Timestamp) -> String {
        guard restarts > 0, let lastRestart else { return "\(restarts)" }
        return "\(restarts) (\(HumanDuration.text(now - lastRestart)) ago)"
    }

    /// Reads the init containers up to the one the pod waits for; false when it waits for none.
    private mutating func readInitContainers(_ pod: Fields, lasting: Set<String>) -> Bool {
        for (position, container) in pod.status.initContainerStatuses.list.enumerated() {
            count(restartsOf: container)
            let terminated = container.state.terminated
            if terminated.exists, terminated.exitCode.number == 0 { continue }
            if lasting.contains(container.name.text), container.started.isTrue {
                if container.ready.isTrue { readyContainers += 1 }
                continue
            }
            if terminated.exists {
                status = "Init:" + Self.ending(terminated)
            } else if let reason = container.state.waiting.reason.nonEmpty, reason != "PodInitializing" {
                status = "Init:\(reason)"
            } else {
                status = "Init:\(position)/\(pod.spec.initContainers.list.count)"
            }
            return true
        }
        return false
    }

    private mutating func readContainers(_ pod: Fields, lasting: Set<String>) {
        restarts = 0
        lastRestart = nil
        for container in pod.status.initContainerStatuses.list where lasting.contains(container.name.text) {
            count(restartsOf: container)
        }
        var hasRunning = false
        for container in pod.status.containerStatuses.list.reversed() {
            count(restartsOf: container)
            let state = container.state
            if let reason = state.waiting.reason.nonEmpty {
                status = reason
            } else if state.terminated.exists {
                status = Self.ending(state.terminated)
            } else if container.ready.isTrue, state.running.exists {
                hasRunning = true
                readyContainers += 1
            }
        }
        if status == "Completed", hasRunning { status = pod.hasCondition("Ready") ? "Running" : "NotReady" }
    }

    private mutating func count(restartsOf container: Fields) {
        restarts += container.restartCount.number ?? 0
        guard let finished = container.lastState.terminated.finishedAt.time else { return }
        if let known = lastRestart, known >= finished { return }
        lastRestart = finished
    }

    private static func ending(_ terminated: Fields) -> String {
        if let reason = terminated.reason.nonEmpty { return reason }
        if let signal = terminated.signal.number, signal != 0 { return "Signal:\(signal)" }
        return "ExitCode:\(terminated.exitCode.number ?? 0)"
    }
}
