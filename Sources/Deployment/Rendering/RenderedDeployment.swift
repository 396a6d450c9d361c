// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import ConfigModel
import Records
public import Rollout
import Values
import YAMLText

/// A plan with everything its chart made of it.
public struct RenderedDeployment: Sendable {
    /// A rendered document.
    public struct Document: Sendable {
        /// The component it belongs to.
        public var component: String
        /// The template it comes from, as in `# Source:`.
        public var source: String
        /// Its text as the template wrote it.
        public var text: [UInt8]
        /// What it says.
        public var object: KubernetesObject
        /// Whether it is a hook: run, not kept.
        public var isHook: Bool

        /// Whether it lies outside namespaces.
        public var isClusterScoped: Bool { ResourceNames.isClusterScoped(object.groupVersionKind.groupKind) }
    }

    /// The plan.
    public let plan: ClusterPlan
    /// The plan's file as the user named it.
    public let planFile: String
    /// The documents in the order of rendering, hooks last.
    public let documents: [Document]
    /// What the charts say to people.
    public let notes: String
    /// What the user should know.
    public let warnings: [String]

    /// Every rendered object, hooks included.
    public var objects: [KubernetesObject] { documents.map(\.object) }

    /// The objects outside namespaces; hooks excluded.
    public var clusterScopedObjects: [KubernetesObject] {
        documents.filter { $0.isClusterScoped && !$0.isHook }.map(\.object)
    }

    /// The namespace as an administrator makes it for somebody who may not: the chart renders none, as the rollout makes it.
    public var namespace: Document {
        var object = KubernetesObject(ObjectKey(.namespace, name: plan.namespace))
        object.labels = (plan.value["commonLabels"]?.mapping ?? [:]).reduce(into: [:]) { labels, label in
            labels[label.key] = label.value.string
        }
        return Document(
            component: "", source: planFile, text: Array(object.value.yamlString(keys: .given).utf8), object: object,
            isHook: false)
    }

    /// The components for a rollout; with `clusterScoped: expect` they hold no object outside namespaces.
    public var components: [Rollout::Component] {
        plan.components.map { component in
            let own = documents.filter { document in
                document.component == component.name
                    && (plan.clusterScoped == .create || !document.isClusterScoped)
            }
            return Rollout::Component(
                name: component.name, dependsOn: component.dependencies.map(\.name), singleton: component.singleton,
                objects: own.map(\.object))
        }
    }

    /// The ClusterRoles that join those of Kubernetes for namespaces: what an administrator applies once.
    public var administratorRoles: [KubernetesObject] {
        clusterScopedObjects.filter { object in
            object.kind == "ClusterRole"
                && object.labels.keys.contains { $0.hasPrefix("rbac.authorization.k8s.io/aggregate-to-") }
        }
    }

    /// What whoever installs it must be allowed.
    public var installerRights: InstallerRights {
        InstallerRights(
            deployment: plan.name, namespace: plan.namespace,
            objects: components.flatMap(\.objects), createsNamespace: plan.clusterScoped == .create)
    }
}

extension ConfigModel::Component {
    /// What of it a cluster can have only once.
    fileprivate var singleton: Singleton? {
        switch module {
        case .operator: .jobOperator
        case .ingressNginx: .ingressController
        case .mysql, .flowServer, .flowFederate: nil
        }
    }
}
