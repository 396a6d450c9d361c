// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// Training: where its pods run, what they get, and how they reach the server side.
extension ClusterPlan {
    /// How a federate reaches the server side.
    public enum Egress: String, Sendable, Hashable {
        /// By itself.
        case direct
        /// Through a pod that tunnels through an HTTP proxy.
        case relay
    }

    /// How training pods find the names of tasks.
    public enum NameResolution: String, Sendable, Hashable {
        /// By DNS that is not ours.
        case external
        /// By the pods' hosts files.
        case hostAliases
    }

    /// Where training jobs live.
    public var jobsNamespace: String { value[path: "jobs", "namespace"]?.string ?? "default" }

    /// The plan's `jobs` without the namespace and without what is empty: empty itself where pods are made as jobs say.
    public var trainingSettings: Mapping {
        var settings = Mapping()
        for (key, value) in value["jobs"]?.mapping ?? [:] where key != "namespace" {
            var kept = value
            if var amounts = value.mapping {
                // Empty requests or limits.
                amounts.removeAll { _, inner in inner == .mapping([:]) }
                kept = .mapping(amounts)
            }
            // No folder at all is a setting; no label, toleration or size is none.
            let isNothing = [.bool(false), .string(""), .array([]), .mapping([:])].contains(kept)
            if !isNothing || key == "data" { settings[key] = kept }
        }
        return settings
    }

    /// The claims in ``jobsNamespace`` that training pods mount, each once.
    public var dataClaims: [String] {
        var names: [String] = []
        for entry in value[path: "jobs", "data"]?.array ?? [] {
            if let name = entry["existingClaim"]?.string, !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// How the server side is reached; a server side reaches nobody.
    public var egress: Egress { value[path: "egress", "mode"]?.string.flatMap(Egress.init) ?? .direct }

    /// Whether a relay is installed.
    public var usesRelay: Bool { egress == .relay && modules.contains(.flowFederate) }

    /// The Secret with the proxy's login, in the plan's namespace; nil where nobody uses it.
    public var proxySecret: String? {
        guard usesRelay, let name = value[path: "egress", "proxySecret"]?.string, !name.isEmpty else { return nil }
        return name
    }

    /// The ConfigMap with the authorities of an https proxy, in the plan's namespace; nil where nobody uses it.
    public var proxyAuthorities: String? {
        guard usesRelay, value[path: "egress", "proxy"]?.string?.hasPrefix("https://") == true,
            let name = value[path: "egress", "proxyCA"]?.string, !name.isEmpty
        else { return nil }
        return name
    }

    /// How training pods find the names of tasks: by their hosts files where a relay is all they need to find.
    public var nameResolution: NameResolution {
        value[path: "dns", "mode"]?.string.flatMap(NameResolution.init) ?? (egress == .relay ? .hostAliases : .external)
    }

    /// Whether the jobs of a federate are published by an ingress controller, which secure aggregation between parties needs.
    public var publishesClients: Bool {
        role == .federate
            && (modules.contains(.ingressNginx) || usesExistingIngress || written[path: "ingress", "className"] != nil)
    }
}
