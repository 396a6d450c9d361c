// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Gives Services of type LoadBalancer an address outside of the cluster, and Ingresses the address of their controller.
final class LoadBalancerController: Controller {
    func affected(by change: Change, in state: ClusterState) -> [ObjectKey] {
        switch change.resource {
        case .services: return change.isRemoval ? [] : [change.key]
        case .ingresses: return change.isRemoval ? [] : [change.key]
        case .ingressClasses: return state.objects(.ingresses).map { ObjectKey(.ingresses, of: $0) }
        case .pods where Self.isIngressController(change.object):
            return state.objects(.ingresses).map { ObjectKey(.ingresses, of: $0) }
        default: return []
        }
    }

    func reconcile(_ key: ObjectKey, in cluster: Cluster) throws {
        guard let object = cluster.state.object(key), !object.isTerminating else { return }
        if key.resource == .services {
            try reconcile(service: object, in: cluster)
        } else {
            try reconcile(ingress: object, in: cluster)
        }
    }

    private func reconcile(service: Fields, in cluster: Cluster) throws {
        guard var value = service.value else { return }
        let isBalanced =
            service.spec.type.text == "LoadBalancer" && service.spec.loadBalancerClass.nonEmpty == nil
        let addresses = service.status.loadBalancer.ingress.list
        guard isBalanced == addresses.isEmpty else { return }
        if isBalanced {
            let taken = Set(
                cluster.state.objects(.services).flatMap(\.status.loadBalancer.ingress.list).map(\.ip.text))
            var number = 1
            while taken.contains("172.18.255.\(number)"), number < 254 { number += 1 }
            let address = service.spec.loadBalancerIP.nonEmpty ?? "172.18.255.\(number)"
            value.set([["ip": .string(address), "ipMode": "VIP"]], at: ["status", "loadBalancer", "ingress"])
            cluster.record(.service, on: service, "EnsuredLoadBalancer", "Ensured load balancer")
        } else {
            value.set([:], at: ["status", "loadBalancer"])
        }
        try cluster.update(.services, value)
    }

    private func reconcile(ingress: Fields, in cluster: Cluster) throws {
        guard var value = ingress.value else { return }
        let name =
            ingress.spec.ingressClassName.nonEmpty
            ?? ingress.metadata.annotations["kubernetes.io/ingress.class"].nonEmpty
        let ingressClass = name.flatMap { cluster.state.object(.ingressClasses, $0) }
        let isServed =
            ingressClass?.spec.controller.text == "k8s.io/ingress-nginx"
            && cluster.state.scan(.pods).contains { Self.isIngressController($0) && $0.isReadyPod }
        // An Ingress keeps its address while its controller restarts.
        guard isServed, ingress.status.loadBalancer.ingress.list.isEmpty else { return }
        value.set([["ip": "127.0.0.1"]], at: ["status", "loadBalancer", "ingress"])
        try cluster.update(.ingresses, value)
    }

    private static func isIngressController(_ pod: Fields) -> Bool {
        pod.metadata.labels["app.kubernetes.io/name"].text == "ingress-nginx"
            && ["", "controller"].contains(pod.metadata.labels["app.kubernetes.io/component"].text)
    }
}
