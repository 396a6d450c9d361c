// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension Value {
    /// The bool, or nil for another kind.
    public var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The whole number, or nil for another kind; a double counts when it is exactly a whole number.
    public var int: Int64? {
        switch self {
        case .int(let value): value
        case .double(let value): Int64(exactly: value)
        default: nil
        }
    }

    /// The number as a double, or nil for another kind.
    public var double: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    /// The text, or nil for another kind.
    public var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The elements, or nil for another kind.
    public var array: [Value]? {
        guard case .array(let value) = self else { return nil }
        return value
    }

    /// The entries, or nil for another kind.
    public var mapping: Mapping? {
        guard case .mapping(let value) = self else { return nil }
        return value
    }

    /// Whether this is null.
    public var isNull: Bool { self == .null }

    /// The value below a key of a mapping; nil for a missing key and for every other kind.
    ///
    /// Setting a key of null or of a missing value makes a mapping of it; setting one of another kind does nothing.
    public subscript(key: String) -> Value? {
        get {
            guard case .mapping(let mapping) = self else { return nil }
            return mapping[key]
        }
        _modify {
            var mapping = Mapping()
            var isMapping = true
            switch self {
            case .mapping(let existing): mapping = existing
            case .null: break
            default: isMapping = false
            }
            // The only reference moves into `mapping`, so that the change is made in place.
            if isMapping { self = .null }
            defer { if isMapping { self = .mapping(mapping) } }
            yield &mapping[key]
        }
    }

    /// The element of an array; nil outside of it and for every other kind.
    public subscript(position: Int) -> Value? {
        guard case .array(let elements) = self, elements.indices.contains(position) else { return nil }
        return elements[position]
    }

    /// The value at a path of keys; nil where a step is missing.
    public subscript(path path: String...) -> Value? { self[path: path] }

    /// The value at a path of keys; nil where a step is missing.
    public subscript(path path: [String]) -> Value? {
        var value = self
        for key in path {
            guard let next = value[key] else { return nil }
            value = next
        }
        return value
    }

    /// Sets the value at a path of keys, making mappings on the way; nil removes it.
    ///
    /// A step of another kind is replaced by a mapping.
    public mutating func set(_ value: Value?, at path: some Collection<String>) {
        guard let key = path.first else {
            self = value ?? .null
            return
        }
        if mapping == nil {
            guard value != nil else { return }
            self = .mapping(Mapping())
        }
        if path.count == 1 {
            self[key] = value
        } else if value != nil || self[key] != nil {
            var below = self[key] ?? .null
            below.set(value, at: path.dropFirst())
            self[key] = below
        }
    }

    /// What kind of value this is, in the words of JSON Schema: null, boolean, integer, number, string, array, object.
    public var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .int: "integer"
        case .double: "number"
        case .string: "string"
        case .array: "array"
        case .mapping: "object"
        }
    }
}
