// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// What every error of this module can do: explain itself to the user.
///
/// Callers branch on the concrete type (`APIError`, `TransportError`, `CredentialError`, `DiscoveryError` ...), and turn
/// whatever is left into this diagnostic in one place.
public protocol ClusterFailure: Error, Sendable {
    /// What happened, to which object, and what to do next; holds no secret.
    var diagnostic: Diagnostic { get }
}
