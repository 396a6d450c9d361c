// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Keeps the Endpoints and the EndpointSlice of every Service with a selector.
final class EndpointsController: Controller {
    private static let manager = "endpointslice-controller.k8s.io"

    func affected(by change: Change, in state: ClusterState) -> [ObjectKey] {
        switch change.resource {
        case .services: return [change.key]
        case .endpoints: return [ObjectKey(.services, namespace: change.namespace, name: change.key.name)]
        case .endpointSlices:
            let name = change.object.metadata.labels["kubernetes.io/service-name"].text
            return name.isEmpty ? [] : [ObjectKey(.services, namespace: change.namespace, name: name)]
        case .pods: return state.selectors(.services, of: change)
        default: return []
        }
    }

    func reconcile(_ key: ObjectKey, in cluster: Cluster) throws {
        guard let service = cluster.state.object(key), !service.isTerminating else {
            // The slice goes with its owner; Endpoints have none.
            if cluster.state.object(key) == nil,
                let endpoints = cluster.state.object(.endpoints, namespace: key.namespace, key.name),
                endpoints.metadata.labels["endpoints.kubernetes.io/managed-by"].exists
            {
                try cluster.delete(.endpoints, endpoints)
            }
            return
        }
        guard !service.spec.selector.entries.isEmpty, service.spec.type.text != "ExternalName" else { return }
        let selector = LabelSelector(labels: service.spec.selector)
        let pods = cluster.state.pods(in: key.namespace, matching: selector).filter { pod in
            pod.status.podIP.exists && !pod.isFinishedPod
        }
        try writeEndpoints(service, pods, in: cluster)
        try writeSlices(service, pods, in: cluster)
    }

    // MARK: Ports

    /// The port of a pod that a Service's port leads to; nil when the pod has no port of that name.
    private static func target(_ port: Fields, of pod: Fields) -> Int? {
        if let number = port.targetPort.number { return number == 0 ? port.port.number : number }
        guard let name = port.targetPort.nonEmpty else { return port.port.number }
        for container in pod.spec.containers.list {
            for candidate in container.ports.list
            where candidate.name.text == name
                && (candidate["protocol"].nonEmpty ?? "TCP") == (port["protocol"].nonEmpty ?? "TCP")
            {
                return candidate.containerPort.number
            }
        }
        return nil
    }

    /// The pods with the same target ports, and those ports; in the order in which the ports are first seen.
    private static func groups(_ service: Fields, _ pods: [Fields]) -> [(ports: [Value], pods: [Fields])] {
        var groups: [(ports: [Value], pods: [Fields])] = []
        for pod in pods {
            let ports = service.spec.ports.list.compactMap { port -> Value? in
                guard let number = target(port, of: pod) else { return nil }
                var value: Value = [:]
                if let name = port.name.nonEmpty { value["name"] = .string(name) }
                value["port"] = .int(Int64(number))
                value["protocol"] = .string(port["protocol"].nonEmpty ?? "TCP")
                if let application = port.appProtocol.nonEmpty { value["appProtocol"] = .string(application) }
                return value
            }
            guard !ports.isEmpty || service.spec.ports.list.isEmpty else { continue }
            if let position = groups.firstIndex(where: { $0.ports == ports }) {
                groups[position].pods.append(pod)
            } else {
                groups.append((ports, [pod]))
            }
        }
        return groups
    }

    private static func isReady(_ pod: Fields, _ service: Fields) -> Bool {
        pod.isReadyPod || service.spec.publishNotReadyAddresses.isTrue
    }

    private static func reference(to pod: Fields) -> Value {
        [
            "kind": "Pod", "namespace": .string(pod.objectNamespace), "name": .string(pod.objectName),
            "uid": .string(pod.objectUID),
        ]
    }

    // MARK: Endpoints

    private func writeEndpoints(_ service: Fields, _ pods: [Fields], in cluster: Cluster) throws {
        func address(_ pod: Fields) -> Value {
            var value: Value = ["ip": .string(pod.status.podIP.text), "nodeName": .string(pod.spec.nodeName.text)]
            if pod.spec.subdomain.text == service.objectName, let hostname = pod.spec.hostname.nonEmpty {
                value["hostname"] = .string(hostname)
            }
            value["targetRef"] = Self.reference(to: pod)
            return value
        }
        let subsets = Self.groups(service, pods.filter { !$0.isTerminating }).map { group -> Value in
            var subset: Value = [:]
            let ready = group.pods.filter { Self.isReady($0, service) }
            let unready = group.pods.filter { !Self.isReady($0, service) }
            if !ready.isEmpty { subset["addresses"] = .array(ready.map(address)) }
            if !unready.isEmpty { subset["notReadyAddresses"] = .array(unready.map(address)) }
            if !group.ports.isEmpty { subset["ports"] = .array(group.ports) }
            return subset
        }
        let known = cluster.state.object(.endpoints, namespace: service.objectNamespace, service.objectName)?.value
        let isNew = known == nil
        var new =
            known ?? [
                "metadata": ["name": .string(service.objectName), "namespace": .string(service.objectNamespace)]
            ]
        var labels: Value = service.metadata.labels.value ?? [:]
        labels["endpoints.kubernetes.io/managed-by"] = "endpoint-controller"
        new.set(labels, at: ["metadata", "labels"])
        new["subsets"] = subsets.isEmpty ? nil : .array(subsets)
        if isNew { try cluster.create(.endpoints, new) } else { try cluster.update(.endpoints, new) }
    }

    // MARK: EndpointSlices

    private func writeSlices(_ service: Fields, _ pods: [Fields], in cluster: Cluster) throws {
        let existing = cluster.state.controlled(by: service, .endpointSlices).filter { !$0.isTerminating }
        var wanted = Self.groups(service, pods)
        // A Service without pods still has a slice, so that it can be seen that nobody serves.
        if wanted.isEmpty { wanted = [(existing.first?.ports.list.compactMap(\.value) ?? [], [])] }
        for (position, group) in wanted.enumerated() {
            let endpoints = group.pods.map { pod -> Value in
                let isReady = Self.isReady(pod, service)
                var endpoint: Value = [
                    "addresses": [.string(pod.status.podIP.text)],
                    "conditions": [
                        "ready": .bool(isReady), "serving": .bool(pod.hasCondition("Ready")),
                        "terminating": .bool(pod.isTerminating),
                    ],
                ]
                if pod.spec.subdomain.text == service.objectName, let hostname = pod.spec.hostname.nonEmpty {
                    endpoint["hostname"] = .string(hostname)
                }
                endpoint["nodeName"] = .string(pod.spec.nodeName.text)
                endpoint["targetRef"] = Self.reference(to: pod)
                return endpoint
            }
            let known = position < existing.count ? existing[position].value : nil
            var slice =
                known ?? [
                    "metadata": [
                        "name": .string("\(service.objectName.prefix(57))-\(Self.suffix(service, position))"),
                        "generateName": .string("\(service.objectName)-"),
                        "namespace": .string(service.objectNamespace),
                        "ownerReferences": [service.ownerReference],
                    ], "addressType": "IPv4",
                ]
            var labels: Value = service.metadata.labels.value ?? [:]
            labels["kubernetes.io/service-name"] = .string(service.objectName)
            labels["endpointslice.kubernetes.io/managed-by"] = .string(Self.manager)
            if service.spec.clusterIP.text == "None" { labels["service.kubernetes.io/headless"] = "" }
            slice.set(labels, at: ["metadata", "labels"])
            slice["endpoints"] = .array(endpoints)
            slice["ports"] = .array(group.ports)
            if known == nil {
                try cluster.create(.endpointSlices, slice)
            } else {
                try cluster.update(.endpointSlices, slice)
            }
        }
        for slice in existing.dropFirst(wanted.count) { try cluster.delete(.endpointSlices, slice) }
    }

    private static func suffix(_ service: Fields, _ position: Int) -> String {
        StableHash.name(of: .string("\(service.objectUID)/\(position)")).prefix(5).lowercased()
    }
}
