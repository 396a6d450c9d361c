// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// What the pods on a node have taken of it.
struct NodeUsage {
    /// The resources that are counted.
    static let resources = ["cpu", "memory", "ephemeral-storage"]

    private(set) var podCount = 0
    private(set) var ports: [String: Int] = [:]
    /// The pods that do not let every other pod in.
    private(set) var choosy: Set<ObjectKey> = []
    private var requests: [String: Quantity] = [:]

    /// How much of a resource is taken.
    func request(_ resource: String) -> Quantity { requests[resource] ?? .zero }

    /// Counts a pod in, or out.
    mutating func count(_ key: ObjectKey, _ pod: Fields, isLeaving: Bool = false) {
        podCount += isLeaving ? -1 : 1
        let resources = PodResources(pod.spec)
        for name in Self.resources {
            let amount = resources.request(name)
            guard !amount.isZero else { continue }
            requests[name] = isLeaving ? request(name) - amount : request(name) + amount
        }
        for port in Self.hostPorts(of: pod) {
            let count = (ports[port] ?? 0) + (isLeaving ? -1 : 1)
            ports[port] = count == 0 ? nil : count
        }
        guard Self.isChoosy(pod) else { return }
        if isLeaving { choosy.remove(key) } else { choosy.insert(key) }
    }

    /// Whether a pod refuses to be near some others.
    static func isChoosy(_ pod: Fields) -> Bool {
        !pod.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.list.isEmpty
    }

    /// The ports of the node that a pod takes, with their protocols.
    static func hostPorts(of pod: Fields) -> Set<String> {
        let isOnHost = pod.spec.hostNetwork.isTrue
        let ports = pod.spec.containers.list.flatMap { container in
            container.ports.list.compactMap { port -> String? in
                guard let number = port.hostPort.number ?? (isOnHost ? port.containerPort.number : nil), number > 0
                else { return nil }
                return "\(port["protocol"].nonEmpty ?? "TCP")/\(number)"
            }
        }
        return Set(ports)
    }
}
