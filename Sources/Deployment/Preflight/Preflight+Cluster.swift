// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import ConfigModel
import Records
import Values

extension Preflight {
    func namespace(of plan: ClusterPlan) async throws -> PreflightCheck {
        let name = plan.namespace
        guard let namespace = try await client.find(ObjectKey(.namespace, name: name)) else {
            return plan.clusterScoped == .create
                ? PreflightCheck("namespace", .ok, "'\(name)' is not there and will be created")
                : PreflightCheck(
                    "namespace", .fail, "'\(name)' is not there",
                    remedy: "ask the administrator for it: kubectl create namespace \(name)")
        }
        if namespace["status", "phase"]?.string == "Terminating" {
            return PreflightCheck(
                "namespace", .fail, "'\(name)' is being deleted",
                remedy: "wait until it is gone: kubectl get namespace \(name) -w")
        }
        let enforced = PodSecurityLevel(enforcedBy: namespace)
        if PodSecurityLevel(plan.podSecurity) < enforced {
            return PreflightCheck(
                "namespace", .fail,
                "'\(name)' enforces the pod security level \(enforced), the plan keeps \(plan.podSecurity.rawValue)",
                remedy: "set podSecurity: \(enforced) in the plan")
        }
        return PreflightCheck("namespace", .ok, "'\(name)' is there")
    }

    func storageClasses(named name: String?, isNeeded: Bool) async throws -> PreflightCheck {
        let kind = GroupVersionKind(apiVersion: "storage.k8s.io/v1", kind: "StorageClass")
        let classes = try await client.list(kind).items
        let known = classes.map(\.name).joined(separator: ", ")
        if let name {
            return classes.contains { $0.name == name }
                ? PreflightCheck("storage class", .ok, "'\(name)' is there")
                : PreflightCheck(
                    "storage class", .fail, "there is no '\(name)'",
                    remedy: known.isEmpty ? "create one" : "one of: \(known)")
        }
        let standard = classes.first {
            $0.annotations["storageclass.kubernetes.io/is-default-class"] == "true"
                || $0.annotations["storageclass.beta.kubernetes.io/is-default-class"] == "true"
        }
        if let standard { return PreflightCheck("storage class", .ok, "'\(standard.name)' is the default") }
        return PreflightCheck(
            "storage class", isNeeded ? .fail : .warn, "the cluster has no default class",
            remedy: known.isEmpty
                ? "set mysql.existingClaim, or an inline volume" : "set mysql.storageClass to one of: \(known)")
    }

    func nodePorts(of deployment: RenderedDeployment) async throws -> PreflightCheck {
        let wanted = deployment.objects.filter { $0.kind == "Service" }.flatMap { service in
            (service["spec", "ports"]?.array ?? []).compactMap { port in port["nodePort"]?.int.map { (service, $0) } }
        }
        guard !wanted.isEmpty else { return PreflightCheck("node ports", .ok, "none are asked for") }
        let live = try await client.list(.service).items
        let numbers = Set(wanted.map(\.1))
        for service in live {
            let isOurs = wanted.contains {
                $0.0.name == service.name && ($0.0.namespace ?? deployment.plan.namespace) == service.namespace
            }
            let taken = (service["spec", "ports"]?.array ?? []).compactMap { $0["nodePort"]?.int }.filter(
                numbers.contains)
            guard !isOurs, let port = taken.first else { continue }
            return PreflightCheck(
                "node ports", .fail, "\(port) belongs to Service \(service.namespace ?? "")/\(service.name)",
                remedy: "choose another nodePort in the plan")
        }
        return PreflightCheck(
            "node ports", .ok, "\(numbers.sorted().map(String.init).joined(separator: ", ")) are free or ours")
    }

    func ingressClass(of plan: ClusterPlan) async throws -> PreflightCheck {
        guard plan.role == .server || plan.publishesClients else {
            return PreflightCheck("ingress class", .ok, "none is needed")
        }
        // 1.18 has the kind in beta only.
        let catalog = try await client.discovery.catalog()
        let kinds = ["networking.k8s.io/v1", "networking.k8s.io/v1beta1"].map {
            GroupVersionKind(apiVersion: $0, kind: "IngressClass")
        }
        guard let kind = kinds.first(where: { catalog.resource(for: $0) != nil }) else {
            return PreflightCheck("ingress class", .skip, "this Kubernetes has no ingress classes")
        }
        let classes = try await client.list(kind).items
        let found = classes.first { $0.name == plan.ingressClassName }
        if plan.modules.contains(.ingressNginx), !plan.usesExistingIngress {
            guard let found else {
                return PreflightCheck("ingress class", .ok, "'\(plan.ingressClassName)' will be created")
            }
            let owner = found.labels[RecordKeys.deployment].map { "deployment '\($0)'" } ?? "somebody else"
            return PreflightCheck("ingress class", .ok, "'\(found.name)' of \(owner) is there and will be shared")
        }
        if found != nil { return PreflightCheck("ingress class", .ok, "'\(plan.ingressClassName)' is there") }
        let known = classes.map(\.name).joined(separator: ", ")
        return PreflightCheck(
            "ingress class", .fail, "there is no '\(plan.ingressClassName)'",
            remedy: known.isEmpty ? "add the module ingress-nginx" : "set ingress.className to one of: \(known)")
    }

    func nodes(for deployment: RenderedDeployment) async throws -> PreflightCheck {
        let selectors = deployment.objects.compactMap { object -> (KubernetesObject, Mapping)? in
            guard let selector = object["spec", "template", "spec", "nodeSelector"]?.mapping else { return nil }
            return (object, selector)
        }
        guard !selectors.isEmpty else { return PreflightCheck("nodes", .ok, "any node will do") }
        let nodes = try await client.list(.node).items
        for (object, selector) in selectors {
            let fits = nodes.contains { node in selector.allSatisfy { node.labels[$0.key] == $0.value.string } }
            guard !fits else { continue }
            let wanted = selector.map { "\($0.key)=\($0.value.string ?? "")" }.joined(separator: ",")
            return PreflightCheck(
                "nodes", .fail, "no node has \(wanted), which \(object.key) asks for",
                remedy: "kubectl get nodes --show-labels; correct nodeSelector in the plan")
        }
        return PreflightCheck("nodes", .ok, "every nodeSelector has a node")
    }
}
