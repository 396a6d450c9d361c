// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Which objects of a collection a list, watch or log request is about.
public struct Selector: Sendable, Hashable {
    /// Labels an object must have with exactly these values.
    public var labels: [String: String]
    /// Labels an object must have with whatever value.
    public var presentLabels: [String]
    /// Fields with exactly these values, as in `metadata.name`; the server knows few of them per kind.
    public var fields: [String: String]

    /// Every object.
    public static let all = Selector()

    /// Selects by labels and fields; everything has to match.
    public init(labels: [String: String] = [:], presentLabels: [String] = [], fields: [String: String] = [:]) {
        self.labels = labels
        self.presentLabels = presentLabels
        self.fields = fields
    }

    /// The query parameters of the selection, in a stable order.
    var query: [(String, String)] {
        var query: [(String, String)] = []
        let terms = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } + presentLabels.sorted()
        if !terms.isEmpty { query.append(("labelSelector", terms.joined(separator: ","))) }
        let fields = fields.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        if !fields.isEmpty { query.append(("fieldSelector", fields.joined(separator: ","))) }
        return query
    }

    /// Whether an object's labels match; fields are the server's business.
    public func matchesLabels(of object: KubernetesObject) -> Bool {
        let present = object.labels
        return labels.allSatisfy { present[$0.key] == $0.value } && presentLabels.allSatisfy { present[$0] != nil }
    }
}
