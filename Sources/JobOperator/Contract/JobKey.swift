// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The namespace and name of an IflearnerJob, which everything made for it carries too (contract C2).
public struct JobKey: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The namespace.
    public var namespace: String
    /// The name.
    public var name: String

    /// Names a job.
    public init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
    }

    /// Orders by namespace, then by name.
    public static func < (left: JobKey, right: JobKey) -> Bool {
        (left.namespace, left.name) < (right.namespace, right.name)
    }

    /// As in logs: `default/iflearnerjob-server-1`.
    public var description: String { "\(namespace)/\(name)" }
}
