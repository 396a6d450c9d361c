// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// One key of the plan: everything that parser, defaults, `init`, JSON Schema and reference page know about it.
struct Field: Sendable {
    /// When a key must be written.
    enum Requirement: Sendable, Hashable {
        case never
        case always
        case role(Role)
    }

    let key: String
    let type: FieldType
    /// What it means, in one line and without a final stop.
    let summary: String
    /// More for the reference page.
    var details: String?
    /// What holds where the key is not written; nil for "nothing".
    var defaultValue: Value?
    var requirement: Requirement = .never
    /// Whether the value may hold something that must not be shown.
    var isSecret = false
    /// The first version of iflearnerctl that knows the key.
    var since = PlanSchema.firstVersion
    /// What `init` and the reference page show as an example.
    var example: String?
    /// Whether a block that is not written still has the defaults of its fields.
    var fillsDefaults = true

    init(
        _ key: String, _ type: FieldType, default defaultValue: Value? = nil, _ summary: String, details: String? = nil,
        required requirement: Requirement = .never, isSecret: Bool = false, example: String? = nil,
        fillsDefaults: Bool = true
    ) {
        self.key = key
        self.type = type
        self.summary = summary
        self.details = details
        self.defaultValue = defaultValue
        self.requirement = requirement
        self.isSecret = isSecret
        self.example = example
        self.fillsDefaults = fillsDefaults
    }
}

extension Field {
    /// What `init` writes behind the key: the words to choose from, and what it means.
    var comment: String {
        guard case .choice(let words) = type, words.count > 1 else { return summary }
        return words.joined(separator: " | ") + (summary.isEmpty ? "" : ": " + summary)
    }

    /// Whether the key opens a block with keys of its own.
    var isBlock: Bool { type.fields != nil }
}

/// What a key may hold.
indirect enum FieldType: Sendable {
    /// A text of some format; numbers count as they are written, so that `9999` means "9999".
    case text(TextFormat)
    /// A text of some format, or the empty text.
    case textOrEmpty(TextFormat)
    /// One of some words.
    case choice([String])
    /// `true` or `false`.
    case boolean
    /// A whole number.
    case integer(ClosedRange<Int64>)
    /// A list.
    case list(FieldType)
    /// A mapping with known keys.
    case object([Field])
    /// A mapping with keys of one's own.
    case dictionary(key: TextFormat, value: FieldType)
    /// A mapping that is handed on as it is: to Kubernetes, or to a chart.
    case anything

    /// The fields of a mapping with known keys.
    var fields: [Field]? {
        if case .object(let fields) = self { fields } else { nil }
    }

    /// The type for people: `text`, `list of ...`.
    var name: String {
        switch self {
        case .text(let format), .textOrEmpty(let format): format.name
        case .choice(let words): words.joined(separator: " | ")
        case .boolean: "true | false"
        case .integer(let range): range.upperBound == .max ? "number" : "number \(range.lowerBound)-\(range.upperBound)"
        case .list(let item): "list of \(item.name)"
        case .object: "mapping"
        case .dictionary(let key, let value): "mapping of \(key.name) to \(value.name)"
        case .anything: "mapping"
        }
    }

    /// What a value of the wrong kind should have been.
    var kind: String {
        switch self {
        case .text, .textOrEmpty: "a text"
        case .choice(let words): "one of \(words.joined(separator: ", "))"
        case .boolean: "true or false"
        case .integer: "a whole number"
        case .list: "a list"
        case .object, .dictionary, .anything: "a mapping"
        }
    }
}
