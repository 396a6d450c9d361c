// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Reads fields of `spec` that may be anything; what does not fit is refused with its path and value.
struct SpecReader: Sendable {
    /// Where the fields stand, as in `spec.template.spec`.
    let path: String
    /// The fields, without nulls: clients write null for what they leave out.
    let fields: Mapping

    init(path: String, fields: Mapping) {
        self.path = path
        self.fields = fields
    }

    /// Reads a value that must be an object.
    static func root(_ value: Value?, _ path: String) throws(JobRefusal) -> SpecReader {
        guard let value, !value.isNull else { throw JobRefusal(.invalidSpec, "\(path) is missing") }
        guard let fields = value.droppingNulls().mapping else {
            throw JobRefusal(.invalidSpec, "\(path) is \(article(value.kindName)): it must be an object")
        }
        return SpecReader(path: path, fields: fields)
    }

    /// Whether there is such a field.
    func has(_ key: String) -> Bool { fields.contains(key) }

    /// A text that must be there.
    func text(_ key: String) throws(JobRefusal) -> String {
        guard let text = try optionalText(key) else { throw wrong(key, "is missing") }
        guard !text.isEmpty else { throw wrong(key, "is empty") }
        return text
    }

    /// A text; nil where there is none.
    func optionalText(_ key: String) throws(JobRefusal) -> String? {
        guard let value = fields[key] else { return nil }
        guard let text = value.string else { throw wrong(key, value, "a string") }
        return text
    }

    /// The fields of an object that must be there.
    func below(_ key: String) throws(JobRefusal) -> SpecReader {
        guard let reader = try optionalBelow(key) else { throw wrong(key, "is missing") }
        return reader
    }

    /// The fields of an object; nil where there is none.
    func optionalBelow(_ key: String) throws(JobRefusal) -> SpecReader? {
        guard let value = fields[key] else { return nil }
        guard let mapping = value.mapping else { throw wrong(key, value, "an object") }
        return SpecReader(path: "\(path).\(key)", fields: mapping)
    }

    /// A list of objects; nil where there is none.
    func list(_ key: String) throws(JobRefusal) -> [Mapping]? {
        guard let value = fields[key] else { return nil }
        guard let elements = value.array else { throw wrong(key, value, "a list") }
        var list: [Mapping] = []
        for (index, element) in elements.enumerated() {
            guard let mapping = element.mapping else { throw wrong("\(key)[\(index)]", element, "an object") }
            list.append(mapping)
        }
        return list
    }

    /// An object whose values are all texts, as labels are; nil where there is none.
    func texts(_ key: String) throws(JobRefusal) -> Mapping? {
        guard let reader = try optionalBelow(key) else { return nil }
        for (name, value) in reader.fields where value.string == nil {
            throw reader.wrong(Self.shown(name), value, "a string")
        }
        return reader.fields
    }

    /// A refusal about a field.
    func wrong(_ key: String, _ what: String) -> JobRefusal { JobRefusal(.invalidSpec, "\(path).\(key) \(what)") }

    private func wrong(_ key: String, _ found: Value, _ expected: String) -> JobRefusal {
        let value = Self.shown(found.jsonString())
        return wrong(key, "is \(Self.article(found.kindName)) (\(value)): it must be \(expected)")
    }

    /// A text for a message: in one line, and no longer than somebody likes.
    static func shown(_ text: String, limit: Int = 100) -> String {
        let scalars = text.unicodeScalars.prefix(limit).map { scalar -> Unicode.Scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: "\u{B7}"
            default: scalar
            }
        }
        var line = String(String.UnicodeScalarView(scalars))
        if scalars.count < text.unicodeScalars.count { line += "…" }
        return line
    }

    private static func article(_ kind: String) -> String {
        switch kind {
        case "array": "a list"
        case "integer", "object": "an \(kind)"
        default: "a \(kind)"
        }
    }
}
