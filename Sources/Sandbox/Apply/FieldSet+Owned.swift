// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension FieldSet {
    /// The paths that someone owns who applies the value.
    static func owned(by value: Value, as schema: TypeSchema) throws(ApplyError) -> FieldSet {
        try walk(value, schema).children
    }

    private static func walk(_ value: Value, _ schema: TypeSchema) throws(ApplyError) -> (
        isLeaf: Bool, children: FieldSet
    ) {
        var children = FieldSet()
        switch (MergeShape(value, schema), value) {
        case (.leaf, _): return (true, children)
        case (.object(let object), .mapping(let mapping)):
            for (name, child) in mapping {
                let (isLeaf, below) = try walk(child, object.type(of: name) ?? .unknown)
                let isKnown = object.fields[name] != nil
                let isEmpty = child.isNull || child.mapping?.isEmpty == true
                children.merge(.field(name), isMember: isLeaf || isEmpty || !isKnown, children: below)
            }
        case (.list(let list), .array(let elements)):
            var seen: Set<PathElement> = []
            var repeated: Set<PathElement> = []
            var named: [(PathElement, Value)] = []
            for element in elements {
                guard let step = try list.pathElement(of: element) else { continue }
                if !seen.insert(step).inserted { repeated.insert(step) }
                named.append((step, element))
            }
            for (step, element) in named {
                let below = repeated.contains(step) ? FieldSet() : try walk(element, list.element).children
                children.merge(step, isMember: true, children: below)
            }
        default: break
        }
        return (false, children)
    }
}

/// How a value of a type is merged: in parts, or as one.
enum MergeShape {
    /// As one: a scalar, or something atomic.
    case leaf
    /// Field by field.
    case object(ObjectSchema)
    /// Element by element.
    case list(ListSchema)

    private static let anyObject = ObjectSchema(additional: .unknown)

    init(_ value: Value, _ schema: TypeSchema) {
        switch schema.shape {
        case .scalar: self = .leaf
        case .object(let object): self = object.isAtomic ? .leaf : .object(object)
        case .list(let list): self = list.kind == .atomic ? .leaf : .list(list)
        case .any(let isAtomic):
            if !isAtomic, case .mapping = value { self = .object(Self.anyObject) } else { self = .leaf }
        }
    }
}
