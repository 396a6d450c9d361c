// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Formats
public import Values

/// What the jobs of a role get in a namespace, as its ConfigMap says; what it leaves out is as upstream does it.
public struct JobPolicy: Sendable, Hashable {
    /// Where images are pulled from.
    public var mirrors = ImageMirrors()
    /// Secrets that images are pulled with.
    public var imagePullSecrets: [String] = []
    /// The beginnings of images that tasks may name; nil for every image.
    public var allowImages: [ImagePrefix]?
    /// CPU, memory and devices of containers that name none.
    public var resources = Resources()
    /// Labels of the nodes to run on.
    public var nodeSelector: [String: String] = [:]
    /// Taints of nodes that do not matter.
    public var tolerations: [Mapping] = []
    /// The RuntimeClass.
    public var runtimeClassName: String?
    /// The size of `/dev/shm`, a quantity.
    public var shmSize: String?
    /// The folders of nodes that tasks may ask for; nil for every folder.
    public var data: [DataFolder]?
    /// Environment variables.
    public var env: [Variable] = []
    /// Labels; never `app`.
    public var labels: [String: String] = [:]
    /// How much pods may do; nil leaves it to the task.
    public var podSecurity: PodSecurity?
    /// Whether a running aggregator is guarded by a PodDisruptionBudget.
    public var evictionGuard = false
    /// How training traffic enters the cluster; nil for upstream's nginx and no Ingress for clients.
    public var ingress: Ingress?
    /// What the task's server is called by in the pod's hosts file; nil leaves it to DNS.
    public var hostAliases: AddressSource?

    /// Makes a policy that changes nothing.
    public init() {}

    /// Whether a task must stay inside its pod: whoever lists images or data does not trust tasks.
    public var confinesTasks: Bool { allowImages != nil || data != nil }
}

extension JobPolicy {
    /// Quantities by the names of resources.
    public struct Resources: Sendable, Hashable {
        /// What a container is promised.
        public var requests: [String: String] = [:]
        /// What it may use at most.
        public var limits: [String: String] = [:]

        /// Makes resources of nothing.
        public init() {}
    }

    /// A folder that tasks may ask for, and the claim that they get.
    public struct DataFolder: Sendable, Hashable {
        /// The folder as tasks ask for it.
        public var path: FolderPath
        /// The PersistentVolumeClaim in the job's namespace.
        public var existingClaim: String
        /// Whether training must not write to it.
        public var readOnly: Bool
    }

    /// An environment variable.
    public struct Variable: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Its value.
        public var value: String
    }

    /// What pods may do, in the words of the Pod Security Standards; `openshift` leaves ids to the cluster.
    public enum PodSecurity: String, Sendable, Hashable, CaseIterable {
        /// Whatever the task states.
        case privileged
        /// Nothing that is known to lead out of a pod.
        case baseline
        /// Not as root, with nothing that a trainer can do without.
        case restricted
        /// As `restricted`, but user and groups are chosen by the cluster.
        case openshift
    }

    /// How training traffic enters the cluster.
    public struct Ingress: Sendable, Hashable {
        /// The IngressClass; empty for the cluster's default.
        public var className = ""
        /// The controller, which decides the annotations for gRPC: `nginx` and others that the plan knows.
        public var controller = "nginx"
        /// Annotations of the Ingresses, over those of the controller.
        public var annotations: [String: String] = [:]

        /// Makes the settings of a cluster's default class.
        public init() {}
    }

    /// Where an address comes from.
    public enum AddressSource: Sendable, Hashable {
        /// The cluster IP of a Service.
        case service(namespace: String, name: String)
        /// A name that the operator resolves, or an address.
        case host(String)
    }
}
