// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import ConfigModel
import Values

/// What training pods will need: nothing of it stops an installation but a namespace that is not there.
extension Preflight {
    func training(of plan: ClusterPlan) async -> [PreflightCheck] {
        var checks = [await attempt("jobs namespace") { try await jobsNamespace(of: plan) }]
        for name in plan.dataClaims {
            checks.append(await attempt("training data") { try await claim(name, of: plan) })
        }
        if plan.jobsNamespace != plan.namespace {
            for name in plan.imagePullSecrets {
                checks.append(await attempt("training images") { try await pullSecret(name, of: plan) })
            }
        }
        let settings = plan.trainingSettings
        if let name = settings["runtimeClassName"]?.string {
            checks.append(await attempt("runtime class") { try await runtimeClass(name) })
        }
        if let selector = settings["nodeSelector"]?.mapping {
            checks.append(await attempt("training nodes") { try await trainingNodes(selector) })
        }
        return checks
    }

    func jobsNamespace(of plan: ClusterPlan) async throws -> PreflightCheck {
        let name = plan.jobsNamespace
        guard let namespace = try await client.find(ObjectKey(.namespace, name: name)) else {
            return name == plan.namespace && plan.clusterScoped == .create
                ? PreflightCheck("jobs namespace", .ok, "'\(name)' will be created")
                : PreflightCheck(
                    "jobs namespace", .fail, "'\(name)' is not there",
                    remedy: "kubectl create namespace \(name), or set jobs.namespace to one that is there")
        }
        let enforced = PodSecurityLevel(enforcedBy: namespace)
        // Without settings for them pods are made as tasks name them: with no security context at all.
        let isSet = !plan.trainingSettings.isEmpty
        let kept = isSet ? PodSecurityLevel(plan.podSecurity) : .privileged
        if kept < enforced {
            return PreflightCheck(
                "jobs namespace", .warn,
                "'\(name)' enforces the pod security level \(enforced), training pods keep \(kept): it will refuse them",
                remedy: "set podSecurity: \(enforced) in the plan"
                    + (isSet ? "" : ", and jobs.resources or another key of jobs, with which it holds for them too"))
        }
        if enforced > .privileged, plan.role == .federate, plan.trainingSettings["data"] == nil {
            return PreflightCheck(
                "jobs namespace", .warn,
                "'\(name)' enforces the pod security level \(enforced): a task that asks for a folder of the node is refused",
                remedy: "give such folders claims in jobs.data")
        }
        return PreflightCheck("jobs namespace", .ok, "'\(name)' is there")
    }

    private func claim(_ name: String, of plan: ClusterPlan) async throws -> PreflightCheck {
        let place = plan.jobsNamespace
        guard let claim = try await client.find(ObjectKey(.persistentVolumeClaim, namespace: place, name: name)) else {
            return PreflightCheck(
                "training data", .warn, "claim '\(name)' is not in namespace '\(place)': jobs that need it wait for it",
                remedy: "create it, or correct jobs.data; those that are there: kubectl get pvc -n \(place)")
        }
        let phase = claim["status", "phase"]?.string ?? "Pending"
        return phase == "Lost"
            ? PreflightCheck(
                "training data", .warn, "claim '\(name)' has lost its volume",
                remedy: "kubectl describe pvc \(name) -n \(place)")
            : PreflightCheck("training data", .ok, "claim '\(name)' is there, \(phase)")
    }

    private func pullSecret(_ name: String, of plan: ClusterPlan) async throws -> PreflightCheck {
        let place = plan.jobsNamespace
        if try await client.find(ObjectKey(.secret, namespace: place, name: name)) != nil {
            return PreflightCheck("training images", .ok, "'\(name)' is in namespace '\(place)'")
        }
        return PreflightCheck(
            "training images", .warn,
            "'\(name)' is not in namespace '\(place)', where training pods pull their images with it",
            remedy: "kubectl get secret \(name) -n \(plan.namespace) -o yaml"
                + " | sed 's/^  namespace: .*/  namespace: \(place)/' | kubectl apply -f -")
    }

    private func runtimeClass(_ name: String) async throws -> PreflightCheck {
        let catalog = try await client.discovery.catalog()
        let kinds = ["node.k8s.io/v1", "node.k8s.io/v1beta1"].map {
            GroupVersionKind(apiVersion: $0, kind: "RuntimeClass")
        }
        guard let kind = kinds.first(where: { catalog.resource(for: $0) != nil }) else {
            return PreflightCheck("runtime class", .skip, "this Kubernetes has no runtime classes")
        }
        if try await client.find(ObjectKey(kind, name: name)) != nil {
            return PreflightCheck("runtime class", .ok, "'\(name)' is there")
        }
        return PreflightCheck(
            "runtime class", .warn, "there is no '\(name)', which training pods will ask for: they will be refused",
            remedy: "kubectl get runtimeclasses; correct jobs.runtimeClassName")
    }

    /// A pool of nodes may be empty until somebody needs it: worth a look, no more.
    private func trainingNodes(_ selector: Mapping) async throws -> PreflightCheck {
        let nodes = try await client.list(.node).items
        if nodes.contains(where: { node in selector.allSatisfy { node.labels[$0.key] == $0.value.string } }) {
            return PreflightCheck("training nodes", .ok, "jobs.nodeSelector has a node")
        }
        let wanted = selector.map { "\($0.key)=\($0.value.string ?? "")" }.joined(separator: ",")
        return PreflightCheck(
            "training nodes", .warn, "no node has \(wanted) now, which training pods will ask for",
            remedy:
                "kubectl get nodes --show-labels; correct jobs.nodeSelector, unless such nodes come when they are needed"
        )
    }
}
