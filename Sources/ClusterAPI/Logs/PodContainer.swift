// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// One run of a container of a pod.
struct PodContainer: Sendable, Hashable {
    var pod: String
    /// The pod's uid: a pod of the same name may follow.
    var uid: String
    var name: String
    /// How often it was started again: each run has a log of its own.
    var restarts: Int64
    /// Whether there is, or was, something that can have written a log.
    var hasStarted: Bool

    /// The containers of a pod, those that prepare it first.
    static func all(of pod: KubernetesObject) -> [PodContainer] {
        let statuses = PodDiagnosis.containerStatuses(pod).map(\.status)
        let names = ["initContainers", "containers"].flatMap { key in
            (pod["spec", key]?.array ?? []).compactMap { $0["name"]?.string }
        }
        return names.map { name in
            let status = statuses.first { $0["name"]?.string == name }
            let state = status?["state"]
            return PodContainer(
                pod: pod.name, uid: pod.uid ?? "", name: name, restarts: status?["restartCount"]?.int ?? 0,
                hasStarted: state?["running"] != nil || state?["terminated"] != nil)
        }
    }

    static func == (left: PodContainer, right: PodContainer) -> Bool {
        (left.uid, left.name, left.restarts) == (right.uid, right.name, right.restarts)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(uid)
        hasher.combine(name)
        hasher.combine(restarts)
    }
}
