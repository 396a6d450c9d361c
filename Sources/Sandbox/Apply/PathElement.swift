// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// One step of the path to a value inside an object, as managed fields name it.
public enum PathElement: Sendable, Hashable {
    /// A field of a struct or a key of a map.
    case field(String)
    /// The element of a list whose key fields have these values, sorted by name.
    case key([KeyField])
    /// The element of a set.
    case value(Value)
    /// The element of a list at a place.
    case index(Int)

    /// A key field of a list element and its value.
    public struct KeyField: Sendable, Hashable {
        /// The name of the field.
        public let name: String
        /// Its value, a scalar.
        public let value: Value

        /// Makes a key field.
        public init(name: String, value: Value) {
            self.name = name
            self.value = value
        }
    }
}

extension PathElement: Comparable {
    /// Fields before keys before values before places.
    public static func < (left: PathElement, right: PathElement) -> Bool { compare(left, right) < 0 }

    /// Below, at or above zero as the left one stands before, with or after the right one.
    static func compare(_ left: PathElement, _ right: PathElement) -> Int {
        switch (left, right) {
        case (.field(let left), .field(let right)): order(left, right)
        case (.key(let left), .key(let right)): compare(left, right)
        case (.value(let left), .value(let right)): compare(left, right)
        case (.index(let left), .index(let right)): order(left, right)
        default: left.rank - right.rank
        }
    }

    private var rank: Int {
        switch self {
        case .field: 0
        case .key: 1
        case .value: 2
        case .index: 3
        }
    }

    private static func order<T: Comparable>(_ left: T, _ right: T) -> Int { left == right ? 0 : left < right ? -1 : 1 }

    private static func compare(_ left: [KeyField], _ right: [KeyField]) -> Int {
        for (left, right) in zip(left, right) {
            let names = order(left.name, right.name)
            if names != 0 { return names }
            let values = compare(left.value, right.value)
            if values != 0 { return values }
        }
        return order(left.count, right.count)
    }

    private static func compare(_ left: Value, _ right: Value) -> Int {
        switch (left, right) {
        case (.string(let left), .string(let right)): order(left, right)
        case (.int(let left), .int(let right)): order(left, right)
        case (.bool(let left), .bool(let right)): order(left ? 1 : 0, right ? 1 : 0)
        default:
            if let left = left.double, let right = right.double {
                order(left, right)
            } else {
                order(rank(left), rank(right))
            }
        }
    }

    private static func rank(_ value: Value) -> Int {
        switch value {
        case .int, .double: 0
        case .string: 1
        case .bool: 2
        case .array: 3
        case .mapping: 4
        case .null: 5
        }
    }
}

extension PathElement: CustomStringConvertible {
    /// As conflicts show it: `.spec`, `[name="c"]`, `[="x"]`, `[3]`.
    public var description: String {
        switch self {
        case .field(let name): "." + name
        case .key(let fields):
            "[" + fields.map { "\($0.name)=\(Self.shown($0.value))" }.joined(separator: ",") + "]"
        case .value(let value): "[=\(Self.shown(value))]"
        case .index(let index): "[\(index)]"
        }
    }

    private static func shown(_ value: Value) -> String { value.jsonString() }
}

extension PathElement {
    /// Reads a key of a FieldsV1 document; nil for one of a kind that is not known.
    public init?(fieldsV1 text: String) {
        let bytes = text.utf8
        guard bytes.count >= 2, bytes[bytes.index(after: bytes.startIndex)] == UInt8(ascii: ":"),
            let letter = bytes.first
        else { return nil }
        let rest = String(text.dropFirst(2))
        switch letter {
        case UInt8(ascii: "f"): self = .field(rest)
        case UInt8(ascii: "v"):
            guard let value = Self.parsed(rest) else { return nil }
            self = .value(value)
        case UInt8(ascii: "k"):
            guard let keys = Self.parsed(rest)?.mapping else { return nil }
            self = .key(keys.sortedByKey.map { KeyField(name: $0.key, value: $0.value) })
        case UInt8(ascii: "i"):
            guard let index = Int(rest) else { return nil }
            self = .index(index)
        default: return nil
        }
    }

    /// The key of a FieldsV1 document that names this step.
    public var fieldsV1: String {
        switch self {
        case .field(let name): "f:" + name
        case .key(let fields):
            "k:" + Value.mapping(Mapping(fields.map { ($0.name, $0.value) })).jsonString()
        case .value(let value): "v:" + value.jsonString()
        case .index(let index): "i:\(index)"
        }
    }

    private static func parsed(_ text: String) -> Value? {
        do {
            return try Value(json: text)
        } catch {
            return nil
        }
    }
}
