// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Everything a sandbox held at a moment, as a backup of etcd does.
public struct SandboxSnapshot: Sendable {
    let objects: [StoredObject]
    let revision: Int64
}
