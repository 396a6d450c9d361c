// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// From waiting over pulling to running.
extension ContainerSync {
    mutating func create() -> Value {
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

    mutating func pull() -> Value {
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

    mutating func backOffPull(_ error: String) -> Value {
        record("BackOff", "Back-off pulling image \"\(image)\"")
        record("Failed", "Error: ImagePullBackOff", warning: true)
        _ = isOver("ImagePullBackOff", timing.backOff(after: max(1, cluster.failures(toPull: image, for: pod))))
        return waiting(
            "ImagePullBackOff", message: "Back-off pulling image \"\(image)\": ErrImagePull: \(error)")
    }

    mutating func start(restarts: Int) -> Value {
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

    private static func seconds(_ duration: Duration) -> String {
        let parts = duration.components
        let milliseconds = parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000
        return milliseconds < 1000
            ? "\(milliseconds)ms" : "\(milliseconds / 1000).\(Timestamp.padded(milliseconds % 1000, 3))s"
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
