// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension Value {
    /// The value with a checked configuration laid over it, part by part as its type says.
    func merging(_ configuration: Value, as schema: TypeSchema) -> Value {
        Self.merge(self, configuration, schema)
    }

    private static func merge(_ live: Value?, _ applied: Value?, _ schema: TypeSchema) -> Value {
        guard let sample = applied ?? live else { return .null }
        switch MergeShape(sample, schema) {
        case .leaf: return sample
        case .object(let object):
            // An object merges with null and nothing as with an empty one; two empty ones keep what was applied.
            let liveFields = live?.mapping ?? Mapping()
            let appliedFields = applied?.mapping ?? Mapping()
            if applied == nil || (liveFields.isEmpty && appliedFields.isEmpty) { return sample }
            var merged = Mapping()
            for (name, value) in liveFields {
                guard let applied = appliedFields[name] else {
                    merged[name] = value
                    continue
                }
                merged[name] = merge(value, applied, object.type(of: name) ?? .unknown)
            }
            for (name, value) in appliedFields where !liveFields.contains(name) {
                merged[name] = merge(nil, value, object.type(of: name) ?? .unknown)
            }
            return .mapping(merged)
        case .list(let list):
            let liveElements = live?.array ?? []
            let appliedElements = applied?.array ?? []
            if applied == nil || (liveElements.isEmpty && appliedElements.isEmpty) { return sample }
            return .array(mergeElements(liveElements, appliedElements, list))
        }
    }

    /// Lists merge like this: shared elements come in the applied order, and the live elements between two shared ones stay
    /// between them; elements that are only applied follow the one they follow in the configuration.
    private static func mergeElements(
        _ live: [Value], _ applied: [Value], _ list: ListSchema
    ) -> [Value] {
        var appliedByStep: [PathElement: Value] = [:]
        var appliedSteps: [PathElement] = []
        for element in applied {
            guard let step = list.step(of: element) else { continue }
            appliedByStep[step] = element
            appliedSteps.append(step)
        }
        var liveByStep: [PathElement: Value] = [:]
        var liveSteps: [PathElement] = []
        var liveElements: [Value] = []
        for element in live {
            guard let step = list.step(of: element) else { continue }
            // Elements that share a key do not merge with the applied one.
            liveByStep[step] = liveByStep[step] == nil ? element : .null
            liveSteps.append(step)
            liveElements.append(element)
        }
        var merged: [Value] = []
        var taken: Set<PathElement> = []
        var shared = appliedSteps.filter { liveByStep[$0] != nil }[...]
        var nextLive = 0
        var nextApplied = 0
        func takeApplied(_ step: PathElement) {
            taken.insert(step)
            merged.append(merge(liveByStep[step], appliedByStep[step], list.element))
        }
        while nextLive < liveSteps.count || nextApplied < appliedSteps.count {
            if nextLive < liveSteps.count, nextApplied < appliedSteps.count {
                let step = liveSteps[nextLive]
                if step == appliedSteps[nextApplied] {
                    takeApplied(step)
                    nextLive += 1
                    nextApplied += 1
                    shared = shared.dropFirst()
                    continue
                }
                if appliedByStep[step] != nil, let next = shared.first, next != step {
                    nextLive += 1
                    continue
                }
            }
            if nextLive < liveSteps.count {
                let step = liveSteps[nextLive]
                if appliedByStep[step] == nil {
                    merged.append(liveElements[nextLive])
                    nextLive += 1
                    continue
                }
                if taken.contains(step) { nextLive += 1 }
            }
            if nextApplied < appliedSteps.count {
                let step = appliedSteps[nextApplied]
                takeApplied(step)
                nextApplied += 1
                if shared.first == step { shared = shared.dropFirst() }
            }
        }
        return merged
    }
}
