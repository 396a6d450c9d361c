// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
import Values

/// One module of a plan as it was rendered: the unit of progress and of `uninstall --component`.
public struct Component: Sendable, Hashable {
    /// The component's name, as in `mysql`.
    public var name: String
    /// The components that must be ready before this one is written.
    public var dependsOn: [String]
    /// What the cluster can have only once and this component brings; made out from the objects when not given.
    public var singleton: Singleton?
    /// The rendered objects, definitions included, in the order of rendering.
    public var objects: [KubernetesObject]

    /// Describes a component.
    public init(name: String, dependsOn: [String] = [], singleton: Singleton? = nil, objects: [KubernetesObject]) {
        self.name = name
        self.dependsOn = dependsOn
        self.singleton = singleton ?? Singleton(providedBy: objects)
        self.objects = objects
    }
}

/// What a cluster can have only once (S-4): found in the cluster but not ours, it is used and never written.
public enum Singleton: String, Sendable, Hashable {
    /// The controller of the IflearnerJob definition that the component renders.
    case jobOperator = "operator"
    /// An ingress-nginx controller: whoever has an IngressClass of controller `k8s.io/ingress-nginx`.
    case ingressController = "ingress-nginx"
}

extension Singleton {
    /// The controller name of ingress-nginx in IngressClasses.
    static let ingressControllerName = "k8s.io/ingress-nginx"

    /// What the objects of a component bring: whoever has the definition brings its operator.
    init?(providedBy objects: [KubernetesObject]) {
        if objects.contains(where: { $0.kind == "CustomResourceDefinition" }) {
            self = .jobOperator
        } else if objects.contains(where: Self.isIngressClass) {
            self = .ingressController
        } else {
            return nil
        }
    }

    /// Whether an object is an IngressClass of ingress-nginx.
    static func isIngressClass(_ object: KubernetesObject) -> Bool {
        object.kind == "IngressClass" && object["spec", "controller"]?.string == ingressControllerName
    }
}
