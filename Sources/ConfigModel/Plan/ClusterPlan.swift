// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Diagnostics
public import Values

/// A checked plan: one side of a federation, with all defaults.
///
/// Made by ``PlanSource/plan()``. Every part is derived from one value, the plan with its defaults.
public struct ClusterPlan: Sendable, Hashable {
    /// The plan with its defaults, in the order of the schema.
    public let value: Value
    /// The plan as it was written, without defaults and without skipped keys.
    public let written: Value
    /// What does no harm, but should be looked at.
    public let warnings: [Diagnostic]

    /// Whether we may write objects that belong to the whole cluster.
    public enum ClusterScope: String, Sendable, Hashable {
        /// Cluster-scoped objects are written.
        case create
        /// They are only looked for: an administrator writes them.
        case expect
    }

    /// The security standard that pods keep.
    public enum PodSecurity: String, Sendable, Hashable, CaseIterable {
        /// No restriction.
        case privileged
        /// Kubernetes' standard of this name.
        case baseline
        /// Kubernetes' standard of this name.
        case restricted
        /// As OpenShift wants it: restricted, with users and groups that the cluster assigns.
        case openshift
    }

    init(value: Value, written: Value, warnings: [Diagnostic]) {
        var value = value
        let role = value["role"]?.string.flatMap(Role.init) ?? .server
        if value["modules"] == nil { value["modules"] = .array(role.defaultModules.map { .string($0.name) }) }
        if let alias = value["federateId"] { value["partyId"] = alias }
        value["federateId"] = nil
        self.value = value
        self.written = written
        self.warnings = warnings
    }

    // MARK: Identity

    /// The name of the deployment.
    public var name: String { text("name") }
    /// The namespace it lives in.
    public var namespace: String { text("namespace") }
    /// The bundled chart's name.
    public var chartName: String { text("chartName") }
    /// The chart's version as the plan has it, such as `v0.2.0`.
    public var chartVersion: String { text("chartVersion") }
    /// The side of the federation.
    public var role: Role { Role(rawValue: text("role")) ?? .server }
    /// The federate id; nil on a server side that has none.
    public var partyID: String? { value["partyId"]?.string }

    /// The versions of the bundled chart that a plan may ask for.
    public static let knownChartVersions = [PlanSchema.chartVersion, String(PlanSchema.chartVersion.dropFirst())]

    // MARK: What is installed

    /// The modules that the plan names, in the order of installation; an external database is no module.
    public var modules: [Module] {
        let named = Set((value["modules"]?.array ?? []).compactMap(\.string))
        return Module.allCases.filter { named.contains($0.name) && !($0 == .mysql && externalDatabase != nil) }
    }

    /// The block of a module with its defaults, under the plan's names.
    public func block(of module: Module) -> Mapping { value[module.name]?.mapping ?? [:] }

    // MARK: The cluster

    /// Whether cluster-scoped objects may be written.
    public var clusterScoped: ClusterScope { ClusterScope(rawValue: text("clusterScoped")) ?? .create }
    /// The security standard of all pods.
    public var podSecurity: PodSecurity { PodSecurity(rawValue: text("podSecurity")) ?? .baseline }
    /// The cluster's DNS domain.
    public var clusterDomain: String { text("clusterDomain") }
    /// The names of the Secrets that images are pulled with.
    public var imagePullSecrets: [String] {
        (value["imagePullSecrets"]?.array ?? []).compactMap { $0["name"]?.string }
    }
    /// Whether data outlives its pods.
    public var isPersistent: Bool { value["persistence"] != false }
    /// The IngressClass of training jobs.
    public var ingressClassName: String { value[path: "ingress", "className"]?.string ?? "nginx" }
    /// Whether a controller that is there already is used.
    public var usesExistingIngress: Bool { value[path: "ingress", "existing"] == true }

    // MARK: The database

    /// A database that is not part of the deployment.
    public struct ExternalDatabase: Sendable, Hashable {
        /// Its name or address.
        public let host: String
        /// Its port.
        public let port: Int
        /// The schema.
        public let name: String
        /// The account.
        public let user: String
        /// The Secret that holds the account's password under the key `password`.
        public let passwordSecret: String
    }

    /// The database elsewhere; nil when MySQL is part of the deployment.
    public var externalDatabase: ExternalDatabase? {
        guard let external = value[path: "mysql", "external"] else { return nil }
        return ExternalDatabase(
            host: external["ip"]?.string ?? "", port: Int(external["port"]?.int ?? 3306),
            name: external["database"]?.string ?? "", user: external["user"]?.string ?? "",
            passwordSecret: external["passwordSecret"]?.string ?? "")
    }

    private func text(_ key: String) -> String { value[key]?.string ?? "" }
}
