// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What a deployment is doing, in the words of `cluster list`.
public enum DeploymentStatus: String, Sendable, Hashable, CaseIterable {
    /// Its first installation is under way.
    case creating = "Creating"
    /// Everything is deployed and was ready when last looked at.
    case running = "Running"
    /// An upgrade is under way, or a component is being removed.
    case updating = "Updating"
    /// It was deployed but is not ready.
    case unavailable = "Unavailable"
    /// It is being uninstalled.
    case deleting = "Deleting"
    /// Its last job failed.
    case failed = "Failed"
    /// Its last upgrade was rolled back.
    case rolledBack = "RolledBack"
}

/// How far the write-ahead log of a deployment has come.
public enum Phase: String, Sendable, Hashable, CaseIterable {
    /// The inventory is the union of the old and the new objects; any of them may have been written.
    case pending
    /// Every object is written; leftovers may still be there.
    case applied
    /// Everything is written, pruned and ready.
    case deployed
    /// The job ended without success; the inventory is still complete.
    case failed
    /// Objects are being deleted; the inventory says which are left.
    case deleting
}
