// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Who owns which fields of an object: what `metadata.managedFields` says.
struct ManagedFields {
    /// The ways a manager writes.
    enum Operation: String, Comparable {
        /// By server-side apply.
        case apply = "Apply"
        /// By any other write.
        case update = "Update"

        static func < (left: Operation, right: Operation) -> Bool { left.rawValue < right.rawValue }
    }

    /// What tells managers apart.
    ///
    /// An applier keeps its identity when it turns to another version of the API.
    struct Manager: Hashable {
        var name: String
        var operation: Operation
        var apiVersion: String
        var subresource: String

        init(name: String, operation: Operation, apiVersion: String, subresource: String) {
            self.name = name
            self.operation = operation
            self.apiVersion = operation == .apply ? "" : apiVersion
            self.subresource = subresource
        }
    }

    /// What one manager owns.
    struct Entry {
        var fields: FieldSet
        var apiVersion: String
        /// When the set last changed, in RFC 3339.
        var time: String?
    }

    /// The entries by manager; none is empty.
    var entries: [Manager: Entry] = [:]

    init() {}

    /// Reads the list of an object, or throws what is wrong with it.
    init(_ list: Value?) throws(ApplyError) {
        for (position, value) in (list?.array ?? []).enumerated() {
            guard let operation = value["operation"]?.string.flatMap(Operation.init(rawValue:)) else {
                throw ApplyError(description: "operation must be `Apply` or `Update`")
            }
            guard let apiVersion = value["apiVersion"]?.string, !apiVersion.isEmpty else {
                throw ApplyError(description: "apiVersion must not be empty")
            }
            switch value["fieldsType"]?.string ?? "" {
            case "FieldsV1": break
            case "": throw ApplyError(description: "missing fieldsType in managed fields entry \(position)")
            case let other:
                let shown = Value.string(other).jsonString()
                throw ApplyError(description: "invalid fieldsType \(shown) in managed fields entry \(position)")
            }
            let manager = Manager(
                name: value["manager"]?.string ?? "", operation: operation, apiVersion: apiVersion,
                subresource: value["subresource"]?.string ?? "")
            entries[manager] = Entry(
                fields: FieldSet(fieldsV1: value["fieldsV1"] ?? [:]), apiVersion: apiVersion,
                time: value["time"]?.string)
        }
    }

    /// Whether a list asks to forget all managers: an empty list, or one empty entry.
    static func isReset(_ list: Value?) -> Bool {
        guard let entries = list?.array else { return false }
        return entries.isEmpty || (entries.count == 1 && (entries[0].mapping?.isEmpty ?? entries[0].isNull))
    }

    /// The list as an object carries it; nil when nobody owns anything.
    var list: Value? {
        let sorted = entries.sorted { left, right in
            let (a, b) = (left.key, right.key)
            if a.operation != b.operation { return a.operation < b.operation }
            let (atime, btime) = (left.value.time ?? "", right.value.time ?? "")
            if atime != btime { return atime < btime }
            if a.name != b.name { return a.name < b.name }
            if left.value.apiVersion != right.value.apiVersion { return left.value.apiVersion < right.value.apiVersion }
            return a.subresource < b.subresource
        }
        guard !sorted.isEmpty else { return nil }
        return .array(
            sorted.map { manager, entry in
                var value: Value = [:]
                value["manager"] = .string(manager.name)
                value["operation"] = .string(manager.operation.rawValue)
                value["apiVersion"] = .string(entry.apiVersion)
                value["time"] = entry.time.map { .string($0) }
                value["fieldsType"] = "FieldsV1"
                value["fieldsV1"] = entry.fields.fieldsV1
                if !manager.subresource.isEmpty { value["subresource"] = .string(manager.subresource) }
                return value
            })
    }

    /// Merges the oldest updaters into one until at most `limit` are left.
    mutating func cap(at limit: Int) {
        let updaters = entries.keys.filter { $0.operation == .update }.sorted {
            let times = (entries[$0]?.time ?? "", entries[$1]?.time ?? "")
            return times.0 != times.1 ? times.0 < times.1 : ($0.name, $0.subresource) < ($1.name, $1.subresource)
        }
        var count = updaters.count
        var first: [String: Manager] = [:]
        for updater in updaters {
            guard count > limit, let entry = entries[updater] else { break }
            guard let oldest = first[entry.apiVersion] else {
                first[entry.apiVersion] = updater
                continue
            }
            let bucket = Manager(
                name: "ancient-changes", operation: .update, apiVersion: entry.apiVersion, subresource: "")
            if entries[bucket] == nil { entries[bucket] = entries.removeValue(forKey: oldest) }
            let merged = (entries[bucket]?.fields ?? FieldSet()).union(entry.fields)
            entries[bucket]?.fields = merged
            entries[bucket]?.time = entry.time
            if updater != bucket { entries[updater] = nil }
            count -= 1
        }
    }
}
