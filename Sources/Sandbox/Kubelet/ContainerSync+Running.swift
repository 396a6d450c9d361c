// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// From running over ready to ended, and again.
extension ContainerSync {
    mutating func run() -> Value {
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

    mutating func afterEnd() -> Value {
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

    private static func goDuration(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        return seconds < 60 ? "\(seconds)s" : "\(seconds / 60)m\(seconds % 60)s"
    }
}
