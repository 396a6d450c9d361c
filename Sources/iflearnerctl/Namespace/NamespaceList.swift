// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import ClusterAPI
import Processes
import Terminal
import Values

/// `namespace list`, in KubeFATE's columns.
struct NamespaceList: ListCommand {
    static let manual = Manual(
        "list", aliases: ["ls"], summary: "List the namespaces of the cluster",
        examples: [.init("iflearnerctl namespace list", "Name, status and age.")])
    static let parameters: [Parameter<NamespaceList>] = GlobalOptions.lifted(\.global)

    var global = GlobalOptions()

    func rows(through connection: Connection, in context: AppContext) async throws -> [Row] {
        try await connection.client.list(.namespace).items.map(Row.init)
    }

    func nothing(through connection: Connection) -> String { "no namespaces" }

    struct Row: ListRow {
        let object: KubernetesObject

        static let headings = ["NAME", "STATUS", "AGE"]
        var name: String { object.name }
        var json: Value {
            [
                "name": .string(object.name), "status": .string(status),
                "createdAt": .string(object.creationTimestamp ?? ""),
            ]
        }

        private var status: String { object["status", "phase"]?.string ?? "Unknown" }

        func cells(at now: Moment) -> [String] {
            let created = object.creationTimestamp.flatMap { Timestamp(rfc3339: $0) }
            return [object.name, status, created.map { (now - $0).age } ?? ""]
        }
    }
}
