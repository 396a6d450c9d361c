// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// A lenient reading view of a Kubernetes object: `Fields(pod).status.phase.text`.
///
/// Controllers and tables look at many optional fields of objects whose shape validation has already assured; a missing step reads as nothing.
@dynamicMemberLookup
struct Fields: Sendable {
    /// What is at this place; nil where nothing is.
    let value: Value?

    init(_ value: Value?) {
        self.value = value == .null ? nil : value
    }

    subscript(dynamicMember key: String) -> Fields { Fields(value?[key]) }
    /// The field of a name that is no Swift identifier, or one that this type uses itself.
    subscript(key: String) -> Fields { Fields(value?[key]) }

    /// Whether something is here.
    var exists: Bool { value != nil }
    /// The text; empty for nothing and for other kinds.
    var text: String { value?.string ?? "" }
    /// The text, or nil when there is none or it is empty.
    var nonEmpty: String? { text.isEmpty ? nil : text }
    /// The whole number, or nil.
    var number: Int? { value?.int.map { Int(clamping: $0) } }
    /// Whether this is `true`.
    var isTrue: Bool { value?.bool == true }
    /// The elements of a list; none for nothing.
    var list: [Fields] { value?.array?.map { Fields($0) } ?? [] }
    /// The entries of a mapping; none for nothing.
    var entries: Mapping { value?.mapping ?? Mapping() }
    /// The time, or nil when there is none.
    var time: Timestamp? { value?.string.flatMap(Timestamp.init) }
}

extension Fields {
    /// The condition of a type in `status.conditions`.
    func condition(_ type: String) -> Fields {
        self.status.conditions.list.first { $0.type.text == type } ?? Fields(nil)
    }

    /// Whether a condition has the status `True`.
    func hasCondition(_ type: String) -> Bool { condition(type).status.text == "True" }
}
