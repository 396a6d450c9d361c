// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Values

/// The stages of a rollout in their order; removal goes the other way.
public enum Stage: Int, Sendable, Hashable, CaseIterable, Comparable {
    /// Checks; nothing is written.
    case preflight = 0
    /// The namespace, the lock and the records.
    case records
    /// CustomResourceDefinitions.
    case definitions
    /// Classes: of priorities, storage, ingresses and runtimes.
    case classes
    /// Service accounts, roles and their bindings.
    case access
    /// Configuration, secrets, volume claims, policies.
    case configuration
    /// Services, and workloads that webhooks call.
    case services
    /// Webhook configurations and aggregated APIs.
    case webhooks
    /// Workloads and their autoscalers.
    case workloads
    /// Ingresses and other routes.
    case routes
    /// Custom resources.
    case customResources

    /// Whether the left stage comes first.
    public static func < (left: Stage, right: Stage) -> Bool { left.rawValue < right.rawValue }

    /// What is shown while the stage is under way.
    public var title: String {
        switch self {
        case .preflight: "preflight"
        case .records: "records"
        case .definitions: "definitions"
        case .classes: "classes"
        case .access: "access"
        case .configuration: "configuration"
        case .services: "services"
        case .webhooks: "webhooks"
        case .workloads: "workloads"
        case .routes: "routes"
        case .customResources: "custom resources"
        }
    }
}

extension Stage {
    /// The kinds that run pods.
    static let workloadKinds: Set<String> = [
        "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod",
    ]

    /// The stage of an object; `servesWebhooks` when its component has webhook configurations or aggregated APIs, so
    /// that its workloads must be up before those.
    init(of kind: GroupKind, servesWebhooks: Bool) {
        switch kind.kind {
        case "CustomResourceDefinition": self = .definitions
        case "Namespace": self = .records
        case "PriorityClass", "StorageClass", "IngressClass", "RuntimeClass": self = .classes
        case "ServiceAccount", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding": self = .access
        case "ConfigMap", "Secret", "PersistentVolumeClaim", "PersistentVolume", "PodDisruptionBudget",
            "NetworkPolicy", "ResourceQuota", "LimitRange":
            self = .configuration
        case "Service", "Endpoints", "EndpointSlice": self = .services
        case "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "APIService": self = .webhooks
        case "HorizontalPodAutoscaler": self = .workloads
        case "Ingress", "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "Gateway": self = .routes
        case _ where Self.workloadKinds.contains(kind.kind): self = servesWebhooks ? .services : .workloads
        case _ where Self.isBuiltIn(kind.group): self = .configuration
        default: self = .customResources
        }
    }

    /// Whether a component's objects make its workloads serve webhooks.
    static func servesWebhooks(_ objects: [KubernetesObject]) -> Bool {
        objects.contains { Stage(of: $0.groupVersionKind.groupKind, servesWebhooks: false) == .webhooks }
    }

    private static func isBuiltIn(_ group: String) -> Bool {
        group.isEmpty || !group.contains(".") || group.hasSuffix(".k8s.io")
    }
}
