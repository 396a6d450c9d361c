// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What a pass over a job leaves to do.
public enum ReconcileOutcome: Sendable, Hashable {
    /// Nothing, until something changes.
    case settled
    /// Another look after a while, however quiet it is.
    case again(after: Duration)
}

/// Brings a job to the state it asks for: one pass, level-based, safe to repeat and to run beside another leader's.
public protocol Reconciling: Sendable {
    /// Makes one pass over the job of a name, which may be gone.
    ///
    /// - Throws: what kept the pass from ending; it is repeated with growing delays.
    func reconcile(_ key: JobKey) async throws -> ReconcileOutcome
}
