// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Processes

/// Follows a context to its cluster and user.
struct KubeconfigResolution {
    let config: Kubeconfig
    let options: ConnectionOptions
    let environment: [String: String]
    let time: TimeSource
    /// Where was looked for files.
    let searched: [String]

    func connection() throws(KubeconfigError) -> ClusterConnection {
        let (name, context) = try selectedContext()
        let cluster = try cluster(of: context, named: name)
        var warnings = config.warnings
        let endpoint = try EndpointResolution(
            entry: cluster, name: context.cluster, context: name, environment: environment
        ).endpoint(&warnings)
        var authenticator = Authenticator(.anonymous)
        if !context.user.isEmpty {
            guard let user = config.users[context.user] else {
                throw KubeconfigError(
                    "context \"\(name)\" refers to user \"\(context.user)\", which is not defined in \(places)",
                    at: context.origin.location, hint: suggestion(for: context.user, among: config.users.keys))
            }
            authenticator = try CredentialResolution(
                entry: user, name: context.user, endpoint: endpoint, pluginConfiguration: cluster.pluginConfiguration,
                environment: environment, time: time
            ).authenticator(&warnings)
        }
        return ClusterConnection(
            endpoint: endpoint, authenticator: authenticator,
            namespace: options.namespace ?? context.namespace ?? "default", context: name, cluster: context.cluster,
            user: context.user, files: config.files.map(FileBytes.absolutePath), warnings: warnings)
    }

    private func selectedContext() throws(KubeconfigError) -> (String, ContextEntry) {
        guard let name = options.context ?? config.currentContext else {
            if config.files.isEmpty { throw nothingFound }
            throw KubeconfigError(
                "no context is selected: \(places) has no current-context",
                hint: config.contexts.isEmpty
                    ? "it has no contexts either: use another file with --kubeconfig"
                    : "choose one with --context: \(list(config.contextNames))")
        }
        guard let context = config.contexts[name] else {
            if config.files.isEmpty { throw nothingFound }
            let nearest = nearestName(to: name, in: config.contextNames).map { "did you mean \($0)? " } ?? ""
            let known = config.contexts.isEmpty ? "there are no contexts" : "there are: \(list(config.contextNames))"
            throw KubeconfigError("there is no context \"\(name)\" in \(places)", hint: nearest + known)
        }
        return (name, context)
    }

    private func cluster(of context: ContextEntry, named name: String) throws(KubeconfigError) -> ClusterEntry {
        guard !context.cluster.isEmpty else {
            throw KubeconfigError("context \"\(name)\" names no cluster", at: context.origin.location)
        }
        guard let cluster = config.clusters[context.cluster] else {
            throw KubeconfigError(
                "context \"\(name)\" refers to cluster \"\(context.cluster)\", which is not defined in \(places)",
                at: context.origin.location, hint: suggestion(for: context.cluster, among: config.clusters.keys))
        }
        return cluster
    }

    private var nothingFound: KubeconfigError {
        let looked = searched.isEmpty ? "KUBECONFIG and HOME are not set" : "looked for \(list(searched))"
        return KubeconfigError(
            "no cluster is configured: there is no kubeconfig (\(looked))",
            hint: "name one with --kubeconfig or KUBECONFIG, or try without a cluster: --sandbox")
    }

    private var places: String { list(config.files) }

    private func list(_ names: [String]) -> String {
        names.count <= 8
            ? names.joined(separator: ", ") : names.prefix(8).joined(separator: ", ") + " and \(names.count - 8) more"
    }

    private func suggestion(for name: String, among names: some Sequence<String>) -> String? {
        nearestName(to: name, in: names.sorted()).map { "did you mean \"\($0)\"?" }
    }
}
