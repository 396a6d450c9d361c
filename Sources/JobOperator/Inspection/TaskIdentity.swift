// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The task and party that flow writes into the name of a job: `iflearnerjob-server-<task>` and
/// `iflearnerjob-client-<task>-<party>`.
public struct TaskIdentity: Sendable, Hashable {
    /// The task's id: 32 hexadecimal digits.
    public var task: String
    /// The party's id; nil for the server.
    public var party: String?

    /// Reads the name of a job; nil for a name that flow did not make.
    public init?(_ job: IflearnerJob) { self.init(name: job.key.name) }

    /// Reads a name; nil for one that flow did not make.
    public init?(name: String) {
        let servers = "iflearnerjob-server-"
        let clients = "iflearnerjob-client-"
        guard name.hasPrefix(servers) || name.hasPrefix(clients) else { return nil }
        let rest = name.dropFirst(servers.count)
        let task = rest.prefix(32)
        guard task.count == 32, task.allSatisfy(\.isHexDigit) else { return nil }
        let after = rest.dropFirst(32)
        self.task = String(task)
        if name.hasPrefix(servers) {
            guard after.isEmpty else { return nil }
        } else {
            guard after.first == "-", after.count > 1 else { return nil }
            party = String(after.dropFirst())
        }
    }
}
