// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Keeps discovery on disk between runs.
public struct DiscoveryCache: Sendable {
    /// The folder, made with mode 0700.
    public var folder: String
    /// Whose discovery it is: server and certificate authority.
    public var identity: String

    /// Names the folder and the server.
    public init(folder: String, identity: String) {
        self.folder = folder
        self.identity = identity
    }
}
