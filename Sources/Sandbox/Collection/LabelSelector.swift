// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// A `LabelSelector` of an object, to be matched against labels.
struct LabelSelector: Sendable {
    private let selector: Fields

    /// The selector in a field of kind `LabelSelector`.
    init(_ selector: Fields) { self.selector = selector }

    /// The selector that a plain map of labels means, as a Service has it.
    init(labels: Fields) { selector = Fields(["matchLabels": labels.value ?? [:]]) }

    /// Whether the selector names nothing: it matches everything where Kubernetes lets it.
    var isEmpty: Bool { selector.matchLabels.entries.isEmpty && selector.matchExpressions.list.isEmpty }

    /// The first label that must be there with its value; nil when there are only expressions.
    var firstLabel: (key: String, value: String)? {
        guard let first = selector.matchLabels.entries.min(by: { $0.key < $1.key }) else { return nil }
        return (first.key, first.value.string ?? "")
    }

    /// Whether labels satisfy every term.
    func matches(_ labels: Fields) -> Bool {
        let labels = labels.entries
        for (key, value) in selector.matchLabels.entries where labels[key] != value { return false }
        return selector.matchExpressions.list.allSatisfy { Self.satisfies($0, labels[$0.key.text]?.string) }
    }

    /// Whether a label's value, or its absence, satisfies one expression; node selectors have `Gt` and `Lt` too.
    static func satisfies(_ expression: Fields, _ value: String?) -> Bool {
        let values = expression["values"].list.map(\.text)
        switch expression["operator"].text {
        case "In": return value.map(values.contains) ?? false
        case "NotIn": return value.map { !values.contains($0) } ?? true
        case "Exists": return value != nil
        case "DoesNotExist": return value == nil
        case "Gt", "Lt":
            guard let value = value.flatMap({ Int($0) }), let bound = values.first.flatMap({ Int($0) }) else {
                return false
            }
            return expression["operator"].text == "Gt" ? value > bound : value < bound
        default: return false
        }
    }
}
