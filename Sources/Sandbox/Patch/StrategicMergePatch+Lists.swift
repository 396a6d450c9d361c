// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension StrategicMergePatch {
    /// Carries out `$setElementOrder`: merges the list of that name and orders it; both leave the patch.
    static func applyElementOrders(
        _ original: inout Mapping, _ patch: inout Mapping, _ schema: TypeSchema
    ) throws(StatusError) {
        for key in patch.keys where key.hasPrefix(orderPrefix) {
            guard let directive = patch.remove(key) else { continue }
            guard let order = directive.array else { throw .badRequest("invalid patch format of setElementOrder list") }
            let name = try listName(key, prefix: orderPrefix)
            let (type, strategy) = try field(name, schema)
            let old = try list(original[name])
            let new = try list(patch[name])
            try checkOrder(of: new ?? [], order, strategy.mergeKey)
            let element = type.list?.element ?? .unknown
            let merged: [Value]
            switch (old, new) {
            case (nil, nil): continue
            case (let old?, nil): merged = old
            case (nil, let new?): merged = new.compactMap { cleaned($0) }
            case (let old?, let new?):
                merged = strategy.mergesElements ? try mergeElements(old, new, element, strategy.mergeKey) : new
            }
            original[name] = .array(try ordered(merged, by: order, old ?? [], strategy.mergeKey))
            patch.remove(name)
        }
    }

    /// Merges the elements of two lists: scalars are added, objects merge with the one of the same key.
    static func mergeElements(
        _ original: [Value], _ patch: [Value], _ element: TypeSchema, _ mergeKey: String?
    ) throws(StatusError) -> [Value] {
        guard let sample = original.first ?? patch.first else { return original }
        guard case .mapping = sample else {
            if sample.array != nil {
                throw StatusError(
                    code: 422, reason: "Invalid",
                    message: "the server rejected our request due to an error in our request",
                    details: StatusError.Details())
            }
            var merged: [Value] = []
            for value in original + patch where !merged.contains(value) { merged.append(value) }
            return try ordered(merged, by: patch, original, nil)
        }
        guard let mergeKey else {
            throw failure("cannot merge lists without merge key for \(element.object?.name ?? "")")
        }
        var live = original
        var changes: [Mapping] = []
        var replaces = false
        for entry in patch {
            guard let change = entry.mapping else {
                throw failure("expected a map[string]interface {}, but received a \(entry.goKind)")
            }
            switch change[marker] {
            case nil: changes.append(change)
            case "delete":
                let key = try keyValue(entry, mergeKey)
                live.removeAll { $0[mergeKey] == key }
            case "replace": replaces = true
            case "merge": throw failure("merging lists cannot yet be specified in the patch")
            case let other?: throw failure("unknown patch type: \(shown(other)) in map: \(shown(entry))")
            }
        }
        if replaces { return changes.map { .mapping($0) } }
        let order = live
        for change in changes {
            let key = try keyValue(.mapping(change), mergeKey)
            if let position = live.firstIndex(where: { $0[mergeKey] == key }) {
                live[position] = try merge(live[position].mapping ?? Mapping(), change, element)
            } else {
                live.append(cleaned(.mapping(change)) ?? [:])
            }
        }
        return try ordered(live, by: changes.map { .mapping($0) }, order, mergeKey)
    }

    /// Orders the elements that the order names as it says, and the others as they were, each group keeping its own order.
    private static func ordered(
        _ merged: [Value], by order: [Value], _ original: [Value], _ mergeKey: String?
    ) throws(StatusError) -> [Value] {
        func place(_ value: Value, in list: [Value]) -> Int? {
            guard let mergeKey else { return list.firstIndex(of: value) }
            guard let key = value[mergeKey] else { return nil }
            return list.firstIndex { $0[mergeKey] == key }
        }
        if let mergeKey {
            for value in merged { _ = try keyValue(value, mergeKey) }
        }
        let named = merged.filter { place($0, in: order) != nil }
            .sorted { (place($0, in: order) ?? 0) < (place($1, in: order) ?? 0) }
        let others = merged.filter { place($0, in: order) == nil }
            .sorted { (place($0, in: original) ?? .max) < (place($1, in: original) ?? .max) }
        var result: [Value] = []
        var left = others[...]
        var right = named[...]
        while let other = left.first, let next = right.first {
            if let a = place(other, in: original), let b = place(next, in: original), a < b {
                result.append(other)
                left.removeFirst()
            } else {
                result.append(next)
                right.removeFirst()
            }
        }
        return result + left + right
    }

    /// Elements of the patch must come in the order that the directive gives.
    private static func checkOrder(of patch: [Value], _ order: [Value], _ mergeKey: String?) throws(StatusError) {
        guard !order.isEmpty, !patch.isEmpty else { return }
        var rest = order[...]
        for value in patch where value[marker] == nil {
            func matches(_ other: Value) -> Bool {
                guard let mergeKey else { return other == value }
                return other[mergeKey] != nil && other[mergeKey] == value[mergeKey]
            }
            guard let found = rest.firstIndex(where: matches) else {
                throw failure(
                    "The order in patch list:\n\(shown(.array(patch)))\n doesn't match \(orderPrefix) list:\n"
                        + "\(shown(.array(order)))\n")
            }
            rest = rest[(found + 1)...]
        }
    }

    private static func list(_ value: Value?) throws(StatusError) -> [Value]? {
        guard let value else { return nil }
        guard let list = value.array else {
            throw failure("expected a []interface {}, but received a \(value.goKind)")
        }
        return list
    }

    private static func keyValue(_ element: Value, _ mergeKey: String) throws(StatusError) -> Value {
        guard let key = element[mergeKey] else {
            throw failure("map: \(shown(element)) does not contain declared merge key: \(mergeKey)")
        }
        return key
    }
}
