// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Which paths differ between two versions of an object.
struct Comparison {
    var added = FieldSet()
    var modified = FieldSet()
    var removed = FieldSet()

    init(from old: Value, to new: Value, as schema: TypeSchema) throws(ApplyError) {
        try compare(old, new, schema, at: [])
    }

    /// The paths that are new or have another value.
    var written: FieldSet { added.union(modified) }

    /// The comparison without everything at or below the paths.
    func excluding(_ paths: FieldSet) -> Comparison {
        var result = self
        result.added = added.subtractingRecursively(paths)
        result.modified = modified.subtractingRecursively(paths)
        result.removed = removed.subtractingRecursively(paths)
        return result
    }

    private mutating func compare(
        _ old: Value?, _ new: Value?, _ schema: TypeSchema, at path: [PathElement]
    ) throws(ApplyError) {
        guard let sample = new ?? old else { return }
        // Equal values tell nothing, however deep they are.
        if let old, let new, old == new { return }
        let shape = MergeShape(sample, schema)
        if case .any = schema.shape, let old, let new, (old.mapping == nil) != (new.mapping == nil) {
            // The kind of an unknown value changed: the old shape's parts go, the new one's come.
            try compare(old, nil, schema, at: path)
            try compare(nil, new, schema, at: path)
            return
        }
        switch shape {
        case .leaf: return leaf(old, new, at: path)
        case .object(let object):
            let oldFields = old?.mapping ?? Mapping()
            let newFields = new?.mapping ?? Mapping()
            if oldFields.isEmpty, newFields.isEmpty { return leaf(old, new, at: path) }
            for (name, value) in oldFields {
                try compare(value, newFields[name], object.type(of: name) ?? .unknown, at: path + [.field(name)])
            }
            for (name, value) in newFields where !oldFields.contains(name) {
                try compare(nil, value, object.type(of: name) ?? .unknown, at: path + [.field(name)])
            }
        case .list(let list):
            let oldElements = old?.array ?? []
            let newElements = new?.array ?? []
            if oldElements.isEmpty, newElements.isEmpty { return leaf(old, new, at: path) }
            try compareElements(oldElements, newElements, list, at: path)
        }
        if old == nil { added.insert(path) } else if new == nil { removed.insert(path) }
    }

    private mutating func leaf(_ old: Value?, _ new: Value?, at path: [PathElement]) {
        switch (old, new) {
        case (nil, _): added.insert(path)
        case (_, nil): removed.insert(path)
        case (let old, let new): if old != new { modified.insert(path) }
        }
    }

    private mutating func compareElements(
        _ old: [Value], _ new: [Value], _ list: ListSchema, at path: [PathElement]
    ) throws(ApplyError) {
        let (oldSteps, oldByStep) = try Self.index(old, list)
        let (newSteps, newByStep) = try Self.index(new, list)
        for step in oldSteps + newSteps.filter({ oldByStep[$0] == nil }) {
            let old = oldByStep[step] ?? []
            let new = newByStep[step] ?? []
            let path = path + [step]
            switch (old.count, new.count) {
            case (0...1, 0...1): try compare(old.first, new.first, list.element, at: path)
            case (2..., 2...): if old != new { modified.insert(path) }
            case (2..., _):
                // Elements that share a key are owned as one; now there is one or none, which is owned in parts.
                if let new = new.first { try compare(nil, new, list.element, at: path) }
                removed.insert(path)
            default:
                if let old = old.first { try compare(old, nil, list.element, at: path) }
                added.insert(path)
            }
        }
    }

    private static func index(
        _ elements: [Value], _ list: ListSchema
    ) throws(ApplyError) -> ([PathElement], [PathElement: [Value]]) {
        var steps: [PathElement] = []
        var byStep: [PathElement: [Value]] = [:]
        for element in elements {
            guard let step = try list.pathElement(of: element) else { continue }
            if byStep[step] == nil { steps.append(step) }
            byStep[step, default: []].append(element)
        }
        return (steps, byStep)
    }
}
