// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

extension FieldSet {
    /// Reads a FieldsV1 document; keys of a kind that is not known are left out.
    public init(fieldsV1 value: Value) {
        self.init()
        guard let entries = value.mapping else { return }
        for (key, below) in entries where key != "." {
            guard let element = PathElement(fieldsV1: key) else { continue }
            let children = FieldSet(fieldsV1: below)
            // A step with nothing below is a path of its own; one with steps below only when it carries a point.
            let isMember = children.isEmpty || below["."] != nil
            merge(element, isMember: isMember, children: children)
        }
    }

    /// The FieldsV1 document of the set: `{"f:spec":{"f:replicas":{}}}`.
    public var fieldsV1: Value { .mapping(document(includesSelf: false)) }

    private func document(includesSelf: Bool) -> Mapping {
        var document = Mapping()
        if includesSelf { document["."] = [:] }
        for node in nodes {
            let includesSelf = node.isMember && !node.children.isEmpty
            document[node.element.fieldsV1] = .mapping(node.children.document(includesSelf: includesSelf))
        }
        return document
    }
}
