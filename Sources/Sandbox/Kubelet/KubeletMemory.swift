// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// What the node knows beside what is in the store: since when things last, which images it has, which addresses are given.
final class KubeletMemory {
    private struct Stage {
        var name: String
        var since: Duration
    }

    /// What the node gives to programs that really run; nil where all containers are simulated.
    let programs: ProgramHost?
    /// The trainings that containers take part in; nil where they just run.
    let trainings: Trainings?
    private var stages: [Substring: [String: Stage]] = [:]
    private var images: Set<String> = []
    private var addresses: [String: String] = [:]
    private var taken: Set<String>?
    private var lastAddress = 1

    init(programs: ProgramHost? = nil, trainings: Trainings? = nil) {
        self.programs = programs
        self.trainings = trainings
    }

    /// When a part of a pod, named `<uid>/<part>`, entered a stage; nil when it is in another one.
    func since(_ part: String, _ stage: String) -> Duration? {
        guard let known = stages[Self.pod(part)]?[part], known.name == stage else { return nil }
        return known.since
    }

    /// Enters a stage unless the part is in it already; how long it has been there.
    func enter(_ part: String, _ stage: String, now: Duration) -> Duration {
        if let since = since(part, stage) { return now - since }
        stages[Self.pod(part), default: [:]][part] = Stage(name: stage, since: now)
        return .zero
    }

    /// Forgets everything about a pod.
    func forget(pod uid: String) {
        stages[uid[...]] = nil
        release(pod: uid)
        if let address = addresses.removeValue(forKey: uid) { taken?.remove(address) }
    }

    /// Lets what a pod's containers did come to its end.
    func release(pod uid: String) {
        programs?.running.forget(pod: uid)
        trainings?.leave(pod: uid)
    }

    /// Gives a pod an address that no other has: one of 10.244.0.0/16, or the node's own.
    func address(for pod: Fields, in state: ClusterState) -> String {
        if pod.spec.hostNetwork.isTrue { return "127.0.0.1" }
        if taken == nil {
            taken = []
            for other in state.scan(.pods) {
                guard let address = other.status.podIP.nonEmpty else { continue }
                addresses[other.objectUID] = address
                taken?.insert(address)
            }
        }
        var address = ""
        var tries = 0
        repeat {
            // An address is not given again soon: clients would take the new pod for the old one.
            lastAddress = lastAddress % 65_000 + 1
            address = "10.244.\(lastAddress / 256).\(lastAddress % 256)"
            tries += 1
        } while taken?.insert(address).inserted == false && tries < 65_000
        addresses[pod.objectUID] = address
        return address
    }

    /// Whether an image is on the node: pulled before, or known from a container that runs.
    func has(_ image: String) -> Bool { images.contains(image) }

    /// Notes that an image is on the node.
    func keep(_ image: String) { images.insert(image) }

    private static func pod(_ part: String) -> Substring { part.prefix { $0 != "/" } }
}
