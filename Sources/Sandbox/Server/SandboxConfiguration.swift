// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// How a sandbox is set up.
public struct SandboxConfiguration: Sendable {
    /// Someone who is let in beside the administrator.
    public struct Account: Sendable {
        /// The name, as authorization messages tell it.
        public var name: String
        /// The bearer token.
        public var token: String
        /// The groups.
        public var groups: [String] = []
        /// What is allowed.
        public var rules: [AccessRule]

        /// Makes an account.
        public init(name: String, token: String, rules: [AccessRule]) {
            self.name = name
            self.token = token
            self.rules = rules
        }
    }

    /// The directory that keeps everything over a restart; nil for memory alone.
    public var stateDirectory: String?
    /// The port on 127.0.0.1; 0 takes the one of last time, or a free one.
    public var port: UInt16 = 0
    /// The minor release of Kubernetes 1 that is served: 18 to 36.
    public var minorVersion = 33
    /// Others than the administrator.
    public var accounts: [Account] = []
    /// What really runs in containers, where their command lines ask for it; all others are simulated.
    public var programs: [SandboxProgram] = []
    /// How many times faster than real the simulated cluster works.
    public var timeScale = 1.0
    /// How long a round of a simulated training takes, in the time of a real cluster.
    public var epochLength = Duration.seconds(5)
    /// Whether controllers and kubelet run; without them there is a bare API server.
    public var runsControlPlane = true
    /// The time between the bookmarks of a watch.
    public var bookmarkInterval = Duration.seconds(60)

    /// Makes the default configuration: in memory, on a free port.
    public init() {}
}
