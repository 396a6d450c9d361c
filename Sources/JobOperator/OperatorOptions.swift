// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Sockets

/// How the controller runs.
public struct OperatorOptions: Sendable, Hashable {
    /// The namespaces whose jobs are run; none for all of them.
    public var namespaces: [String] = []
    /// How many jobs are worked on at once.
    public var workers = 4
    /// Who may lead; nil where there is only one controller.
    public var election: LeaderElectionOptions?
    /// Where `/healthz` and `/readyz` are served; nil for nowhere.
    public var probes: ListenAddress?
    /// Where `/metrics` is served; nil for nowhere.
    public var metrics: ListenAddress?
    /// Every duration.
    public var timing = OperatorTiming()

    /// All namespaces, four workers, no election, nothing served.
    public init() {}
}
