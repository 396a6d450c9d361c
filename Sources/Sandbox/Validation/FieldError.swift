// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// One thing that is wrong with a field of an object, in the words of the API.
public struct FieldError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of wrong it is; the raw value is the reason of the cause.
    public enum Kind: String, Sendable {
        /// It must be there.
        case required = "FieldValueRequired"
        /// It must not occur twice.
        case duplicate = "FieldValueDuplicate"
        /// It is not allowed.
        case invalid = "FieldValueInvalid"
        /// It is none of the values allowed.
        case notSupported = "FieldValueNotSupported"
        /// It may not be used here.
        case forbidden = "FieldValueForbidden"
        /// It has too many characters.
        case tooLong = "FieldValueTooLong"
        /// It has too many elements.
        case tooMany = "FieldValueTooMany"
        /// What it refers to does not exist.
        case notFound = "FieldValueNotFound"
        /// It is of the wrong type.
        case typeInvalid = "FieldValueTypeInvalid"
    }

    /// What kind of wrong it is.
    public let type: Kind
    /// The path of the field: `spec.template.spec.containers[0].image`.
    public let field: String
    /// The value, as it is shown; nil where the API does not show it.
    public let badValue: String?
    /// What is wrong, or what would be right.
    public let detail: String

    init(_ type: Kind, _ field: String, badValue: String? = nil, detail: String = "") {
        self.type = type
        self.field = field
        self.badValue = badValue
        self.detail = detail
    }

    /// The message without the field: `Invalid value: "X": must be ...`.
    public var message: String {
        let head =
            switch type {
            case .required: "Required value"
            case .duplicate: "Duplicate value"
            case .invalid, .typeInvalid: "Invalid value"
            case .notSupported: "Unsupported value"
            case .forbidden: "Forbidden"
            case .tooLong: "Too long"
            case .tooMany: "Too many"
            case .notFound: "Not found"
            }
        return [head, badValue, detail.isEmpty ? nil : detail].compactMap { $0 }.joined(separator: ": ")
    }

    /// The field and the message.
    public var description: String { field.isEmpty ? message : "\(field): \(message)" }
}

extension FieldError {
    /// A field that must be there.
    public static func required(_ field: FieldPath, _ detail: String = "") -> FieldError {
        FieldError(.required, field.description, detail: detail)
    }

    /// A value that is not allowed.
    public static func invalid(_ field: FieldPath, _ value: Value?, _ detail: String) -> FieldError {
        FieldError(.invalid, field.description, badValue: shown(value ?? .null), detail: detail)
    }

    /// A value that occurs twice.
    public static func duplicate(_ field: FieldPath, _ value: Value) -> FieldError {
        FieldError(.duplicate, field.description, badValue: shown(value))
    }

    /// A value that is none of those allowed.
    public static func notSupported(_ field: FieldPath, _ value: Value?, _ allowed: [String]) -> FieldError {
        let names = allowed.map { Value.string($0).jsonString() }.joined(separator: ", ")
        return FieldError(
            .notSupported, field.description, badValue: shown(value ?? .null), detail: "supported values: \(names)")
    }

    /// A field that may not be used here.
    public static func forbidden(_ field: FieldPath, _ detail: String) -> FieldError {
        FieldError(.forbidden, field.description, detail: detail)
    }

    /// A text with too many bytes.
    public static func tooLong(_ field: FieldPath, limit: Int) -> FieldError {
        FieldError(.tooLong, field.description, detail: "may not be more than \(limit) bytes")
    }

    /// A list with too many elements.
    public static func tooMany(_ field: FieldPath, count: Int, limit: Int) -> FieldError {
        FieldError(.tooMany, field.description, badValue: String(count), detail: "must have at most \(limit) items")
    }

    /// A value that refers to something that does not exist.
    public static func notFound(_ field: FieldPath, _ value: Value) -> FieldError {
        FieldError(.notFound, field.description, badValue: shown(value))
    }

    /// The value as Kubernetes shows it in a message: compact JSON.
    static func shown(_ value: Value) -> String {
        value.jsonString(JSONWritingOptions(sortedKeys: true))
    }
}

/// The path of a field as messages show it: `metadata.labels`, `spec.ports[0].name`, `data[a.b]`.
public struct FieldPath: Sendable, Hashable, CustomStringConvertible {
    /// The path as text.
    public let description: String

    /// Makes a path of a field's name; an empty one is the object itself.
    public init(_ text: String = "") { description = text }

    /// A field below.
    public subscript(name: String) -> FieldPath {
        FieldPath(description.isEmpty ? name : "\(description).\(name)")
    }

    /// A list element below.
    public subscript(index: Int) -> FieldPath { FieldPath("\(description)[\(index)]") }

    /// The value under a key of a map.
    public func key(_ key: String) -> FieldPath { FieldPath("\(description)[\(key)]") }
}
