// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// The server does not serve what was asked for.
public struct DiscoveryError: ClusterFailure, Hashable {
    /// The kind that no served API has.
    public var kind: GroupVersionKind
    /// Versions at which the server does serve the kind, the preferred one first.
    public var servedVersions: [String]
    /// Why the group could not be asked, when an aggregated API server is broken.
    public var brokenReason: String?

    /// Makes an error.
    public init(kind: GroupVersionKind, servedVersions: [String] = [], brokenReason: String? = nil) {
        self.kind = kind
        self.servedVersions = servedVersions
        self.brokenReason = brokenReason
    }

    /// What is missing and what is there instead.
    public var diagnostic: Diagnostic {
        let message = "the server has no \(kind.kind) in \(kind.apiVersion)"
        if let brokenReason {
            return Diagnostic(
                "\(message): its API cannot be asked: \(brokenReason)",
                hint: "kubectl get apiservices shows which aggregated API server is down")
        }
        let group = kind.group.isEmpty ? "" : kind.group + "/"
        let hint =
            servedVersions.isEmpty
            ? "is its CustomResourceDefinition installed?"
            : "it serves \(kind.kind) as \(servedVersions.map { group + $0 }.joined(separator: ", "))"
        return Diagnostic(message, hint: hint)
    }
}
