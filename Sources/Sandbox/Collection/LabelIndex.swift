// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Finds the pods of a label, and the objects that select pods by a label, without looking at all of them.
struct LabelIndex {
    private struct Pair: Hashable {
        let namespace: String
        let key: String
        let value: String
    }

    /// Where an object that selects pods is found: by one of its labels, or among those that name none.
    private enum Place: Hashable {
        case pair(Pair)
        case namespace(String)
    }

    private var pods: [Pair: Set<ObjectKey>] = [:]
    private var selectors: [Place: Set<ObjectKey>] = [:]

    /// The selector of an object whose controller looks at the pods it picks; nil for all others.
    static func selector(of object: Fields, _ resource: GroupResource) -> LabelSelector? {
        switch resource {
        case .services: object.spec.selector.entries.isEmpty ? nil : LabelSelector(labels: object.spec.selector)
        case .podDisruptionBudgets: object.spec.selector.exists ? LabelSelector(object.spec.selector) : nil
        default: nil
        }
    }

    mutating func add(_ key: ObjectKey, _ object: Fields) {
        if key.resource == .pods {
            for pair in Self.pairs(object, key.namespace) { pods[pair, default: []].insert(key) }
        } else if let selector = Self.selector(of: object, key.resource) {
            selectors[Self.place(selector, key.namespace), default: []].insert(key)
        }
    }

    mutating func remove(_ key: ObjectKey, _ object: Fields) {
        if key.resource == .pods {
            for pair in Self.pairs(object, key.namespace) {
                pods[pair]?.remove(key)
                if pods[pair]?.isEmpty == true { pods[pair] = nil }
            }
        } else if let selector = Self.selector(of: object, key.resource) {
            let place = Self.place(selector, key.namespace)
            selectors[place]?.remove(key)
            if selectors[place]?.isEmpty == true { selectors[place] = nil }
        }
    }

    /// Pods among which are all that a selector picks; nil when they cannot be told by a label.
    func pods(in namespace: String, for selector: LabelSelector) -> Set<ObjectKey>? {
        guard let label = selector.firstLabel else { return nil }
        return pods[Pair(namespace: namespace, key: label.key, value: label.value)] ?? []
    }

    /// Objects among which are all whose selectors pick a pod.
    func selectors(of pod: Fields, in namespace: String) -> [ObjectKey] {
        let places = [.namespace(namespace)] + Self.pairs(pod, namespace).map { Place.pair($0) }
        return places.flatMap { selectors[$0] ?? [] }
    }

    private static func pairs(_ pod: Fields, _ namespace: String) -> [Pair] {
        pod.metadata.labels.entries.map { Pair(namespace: namespace, key: $0.key, value: $0.value.string ?? "") }
    }

    private static func place(_ selector: LabelSelector, _ namespace: String) -> Place {
        selector.firstLabel.map { .pair(Pair(namespace: namespace, key: $0.key, value: $0.value)) }
            ?? .namespace(namespace)
    }
}
