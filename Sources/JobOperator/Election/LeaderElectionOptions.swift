// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Crypto

/// Which Lease decides who leads, and how we are called in it.
public struct LeaderElectionOptions: Sendable, Hashable {
    /// The namespace of the Lease: the controller's own.
    public var namespace: String
    /// The name of the Lease.
    public var name: String
    /// Who we are: a text that no other controller has.
    public var identity: String

    /// Makes options.
    ///
    /// The identity is a name that people know, such as the pod's, and something unique, as client-go has it: `pod_uuid`.
    public init(
        namespace: String, name: String = JobContract.leaseName, host: String, unique: String = SecureRandom.uuid()
    ) {
        self.namespace = namespace
        self.name = name
        identity = "\(host)_\(unique)"
    }
}
