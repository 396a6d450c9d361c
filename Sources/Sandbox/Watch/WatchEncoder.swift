// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Writes the events of a watch as lines of JSON, in the form the client asked for.
struct WatchEncoder: Sendable {
    let resource: APIResource
    let query: ObjectQuery
    let form: Accept.Form
    let printer: TablePrinter
    let options: TableOptions
    let now: @Sendable () -> Timestamp

    /// The line for a change; nil when the client does not see it.
    ///
    /// A change that takes an object out of the selection is its deletion to this client, one that brings it in its creation.
    func line(for event: StoreEvent, isFirst: Bool) -> [UInt8]? {
        let isIn = event.kind != .deleted && query.matches(event.object)
        let wasIn = event.previous.map { query.matches($0) } ?? false
        switch (wasIn, isIn) {
        case (false, false): return nil
        case (false, true): return line("ADDED", event.object, isFirst: isFirst)
        case (true, true): return line("MODIFIED", event.object, isFirst: isFirst)
        case (true, false):
            guard event.kind != .deleted, let previous = event.previous else {
                return line("DELETED", event.object, isFirst: isFirst)
            }
            let last = StoredObject(
                key: previous.key, revision: event.object.revision, value: previous.value)
            return line("DELETED", last, isFirst: isFirst)
        }
    }

    func bookmark(revision: Int64, endsInitialEvents: Bool) -> [UInt8] {
        var metadata: Value = ["resourceVersion": .string("\(revision)")]
        if endsInitialEvents { metadata["annotations"] = ["k8s.io/initial-events-end": "true"] }
        var object: Value = [
            "kind": .string(resource.kind), "apiVersion": .string(resource.groupVersion), "metadata": metadata,
        ]
        switch form {
        case .table(let version):
            object = [
                "kind": "Table", "apiVersion": .string("meta.k8s.io/\(version)"), "metadata": metadata,
                "columnDefinitions": nil, "rows": [],
            ]
        case .metadata(let version): object = PartialMetadata.object(object, version: version)
        default: break
        }
        return line("BOOKMARK", object.json())
    }

    func error(_ error: StatusError) -> [UInt8] { line("ERROR", error.body.json()) }

    private func line(_ type: String, _ object: StoredObject, isFirst: Bool) -> [UInt8] {
        switch form {
        case .table(let version):
            var options = options
            options.version = version
            options.includeColumns = isFirst
            let table = printer.table(
                of: [object.view(as: resource)], listMetadata: ["resourceVersion": .string("\(object.revision)")],
                now: now(), options: options)
            return line(type, table.json())
        case .metadata(let version):
            return line(type, PartialMetadata.object(object.view(as: resource), version: version).json())
        default: return line(type, object.json(as: resource))
        }
    }

    private func line(_ type: String, _ object: [UInt8]) -> [UInt8] {
        Array("{\"type\":\"\(type)\",\"object\":".utf8) + object + [125, 10]
    }
}
