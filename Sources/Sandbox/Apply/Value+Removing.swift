// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension Value {
    /// The value without what stands at the paths; nil when nothing is left of it.
    func removing(_ paths: FieldSet, as schema: TypeSchema) -> Value? {
        if paths.isEmpty { return self }
        switch (MergeShape(self, schema), self) {
        case (.leaf, .array), (.leaf, .mapping): return nil
        case (.leaf, _): return self
        case (.object(let object), .mapping(let mapping)):
            guard !mapping.isEmpty else { return nil }
            var kept = Mapping()
            for (name, value) in mapping {
                if paths.hasMember(.field(name)) { continue }
                let below = paths.below(.field(name))
                guard !below.isEmpty else {
                    kept[name] = value
                    continue
                }
                if let rest = value.removing(below, as: object.type(of: name) ?? .unknown) { kept[name] = rest }
            }
            return kept.isEmpty ? nil : .mapping(kept)
        case (.list(let list), .array(let elements)):
            guard !elements.isEmpty else { return nil }
            var kept: [Value] = []
            for element in elements {
                guard let step = list.step(of: element) else {
                    kept.append(element)
                    continue
                }
                if paths.hasMember(step) { continue }
                let below = paths.below(step)
                if let rest = element.removing(below, as: list.element) { kept.append(rest) }
            }
            return kept.isEmpty ? nil : .array(kept)
        default: return nil
        }
    }
}

extension ListSchema {
    /// What tells an element apart; nil where nothing can.
    func step(of element: Value) -> PathElement? {
        do {
            return try pathElement(of: element)
        } catch {
            return nil
        }
    }
}
