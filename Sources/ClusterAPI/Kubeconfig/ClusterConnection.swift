// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Diagnostics
public import Processes

/// What the user wishes about the connection, from flags.
public struct ConnectionOptions: Sendable, Hashable {
    /// The kubeconfig file; nil for `KUBECONFIG` and `~/.kube/config`.
    public var kubeconfig: String?
    /// The context; nil for the one in force.
    public var context: String?
    /// The namespace; nil for the context's.
    public var namespace: String?

    /// Makes wishes.
    public init(kubeconfig: String? = nil, context: String? = nil, namespace: String? = nil) {
        self.kubeconfig = kubeconfig
        self.context = context
        self.namespace = namespace
    }
}

/// Which cluster is meant, how it is reached and as whom: what a kubeconfig comes down to.
public struct ClusterConnection: Sendable {
    /// Where the server is and how it is trusted.
    public var endpoint: ServerEndpoint
    /// As whom requests are made.
    public var authenticator: Authenticator
    /// The namespace in force.
    public var namespace: String
    /// The name of the context; `in-cluster` inside of a pod.
    public var context: String
    /// The name of the cluster's entry.
    public var cluster: String
    /// The name of the user's entry; empty for nobody.
    public var user: String
    /// The files that the configuration came from, as absolute paths; empty inside of a pod.
    public var files: [String]
    /// What the user should know.
    public var warnings: [Diagnostic]

    /// Finds out which cluster is meant.
    ///
    /// Nothing is sent.
    ///
    /// - Throws: `KubeconfigError` with everything that is wrong.
    public static func resolve(
        _ options: ConnectionOptions = ConnectionOptions(), environment: [String: String] = Environment.current,
        time: TimeSource = .system
    ) throws(KubeconfigError) -> ClusterConnection {
        let (config, searched) = try KubeconfigFiles.load(explicit: options.kubeconfig, environment: environment)
        if config.contexts.isEmpty, config.clusters.isEmpty, options.kubeconfig == nil, options.context == nil,
            let inside = try InClusterConfiguration.connection(environment, namespace: options.namespace, time: time)
        {
            return inside
        }
        return try KubeconfigResolution(
            config: config, options: options, environment: environment, time: time, searched: searched
        ).connection()
    }

    /// A client that speaks to this cluster.
    ///
    /// `discovery` is where discovery is kept between runs, nil for memory only; `log` hears of every exchange.
    public func makeClient(
        retry: RetryPolicy = RetryPolicy(), discoveryFolder: String? = nil, time: TimeSource = .system,
        userAgent: String = "iflearnerctl", log: (@Sendable (RequestRecord) -> Void)? = nil
    ) -> ClusterClient {
        ClusterClient(
            transport: CurlTransport(endpoint), authenticator: authenticator, retry: retry,
            discovery: discoveryFolder.map { DiscoveryCache(folder: $0, endpoint: endpoint) }, time: time,
            userAgent: userAgent, log: log)
    }
}
