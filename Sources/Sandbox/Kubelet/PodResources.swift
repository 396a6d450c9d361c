// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// What the containers of a pod ask for.
struct PodResources: Sendable {
    private let containers: [Fields]

    /// Looks at a `PodSpec`.
    init(_ spec: Fields) { containers = spec.containers.list + spec.initContainers.list }

    /// The pod's `qosClass`.
    var qualityOfService: String {
        var isBestEffort = true
        var isGuaranteed = true
        for container in containers {
            for resource in ["cpu", "memory"] {
                let limit = container.resources.limits[resource].value
                let request = container.resources.requests[resource].value ?? limit
                if limit != nil || request != nil { isBestEffort = false }
                if limit == nil || request.flatMap(Quantity.init) != limit.flatMap(Quantity.init) {
                    isGuaranteed = false
                }
            }
        }
        return isBestEffort ? "BestEffort" : isGuaranteed ? "Guaranteed" : "Burstable"
    }

    /// The sum of the containers' requests for a resource.
    func request(_ resource: String) -> Quantity {
        containers.reduce(Quantity.zero) { sum, container in
            let request = container.resources.requests[resource].value ?? container.resources.limits[resource].value
            return sum + (request.flatMap(Quantity.init) ?? .zero)
        }
    }
}
