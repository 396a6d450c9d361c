// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The namespace and name of an IflearnerJob, which everything made for it carries too (contract C2).
public struct JobKey: Hashable, Sendable, CustomStringConvertible {
    /// The namespace.
    public var namespace: String
    /// The name.
    public var name: String

    /// Names a job.
    public init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
    }

    /// As in logs: `default/iflearnerjob-server-1`.
    public var description: String { "\(namespace)/\(name)" }
}
