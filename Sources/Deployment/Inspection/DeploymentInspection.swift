// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import Processes
public import Records
import Values

/// A deployment as it is now, whatever its record says: the state of its components, its pods and where it can be reached.
public struct DeploymentInspection: Sendable {
    /// A component now.
    public struct Module: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Whether its workloads are available.
        public var status: ModuleStatus
        /// Why it is not, a sentence per cause.
        public var reasons: [String]
    }

    /// A pod now.
    public struct Pod: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Its namespace.
        public var namespace: String
        /// The component whose workload owns it.
        public var component: String
        /// Its phase, or what keeps a container from running.
        public var status: String
        /// The node it runs on; empty while it has none.
        public var node: String
    }

    /// The components in plan order.
    public let modules: [Module]
    /// The pods, by component and name.
    public let pods: [Pod]
    /// The live Services of the deployment.
    public let services: [KubernetesObject]
    /// The hosts of its Ingresses.
    public let hosts: [String]

    /// Whether every component that should run does.
    public var isAvailable: Bool {
        modules.allSatisfy { $0.status == .available || $0.status == .shared || $0.status == .removed }
    }

    /// Looks at a deployment: a request per kind and namespace, none per object.
    ///
    /// What may not be read leaves its component at what the record says.
    public init(of state: DeploymentState, client: ClusterClient, now: Timestamp) async throws {
        let observer = try await Observation(of: state, client: client)
        let judged = state.components.map { observer.module($0, in: state, now: now) }
        modules = judged
        pods = observer.pods(of: state)
        services = observer.objects(of: state, kind: "Service")
        hosts = observer.objects(of: state, kind: "Ingress").flatMap { ingress in
            (ingress["spec", "rules"]?.array ?? []).compactMap { $0["host"]?.string }
        }
    }
}
