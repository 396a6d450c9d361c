// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A Go type, as far as templates can tell types apart.
indirect enum GoType: Sendable, Equatable {
    case interface
    case bool, int, int64, uint64, float64, complex128, string
    case bytes
    case slice(GoType)
    /// A map with string keys, and its name when it has one.
    case map(GoType, name: String?)
    case named(String, kind: GoKind)
    /// `reflect.Value`: takes everything, as the comparisons do.
    case anything

    static let anyMap = GoType.map(.interface, name: nil)
    static let stringMap = GoType.map(.string, name: nil)
    static let valuesMap = GoType.map(.interface, name: "common.Values")
    static let anyList = GoType.slice(.interface)
    static let stringList = GoType.slice(.string)

    /// `%T` of a value of this type.
    var name: String {
        switch self {
        case .interface: "interface {}"
        case .bool: "bool"
        case .int: "int"
        case .int64: "int64"
        case .uint64: "uint64"
        case .float64: "float64"
        case .complex128: "complex128"
        case .string: "string"
        case .bytes: "[]uint8"
        case .slice(let element): "[]" + element.name
        case .map(let element, let name): name ?? "map[string]" + element.name
        case .named(let name, _): name
        case .anything: "reflect.Value"
        }
    }

    /// Whether this is a map of `interface {}`, whatever its name.
    var isMapOfAnything: Bool {
        if case .map(.interface, _) = self { return true }
        return false
    }

    var kind: GoKind {
        switch self {
        case .interface, .anything: .interface
        case .bool: .bool
        case .int: .int
        case .int64: .int64
        case .uint64: .uint64
        case .float64: .float64
        case .complex128: .complex128
        case .string: .string
        case .bytes, .slice: .slice
        case .map: .map
        case .named(_, let kind): kind
        }
    }

    /// Whether nil is a value of the type.
    var canBeNil: Bool {
        switch kind {
        case .interface, .slice, .map, .pointer: true
        default: false
        }
    }

    /// The zero value.
    var zero: GoValue {
        switch self {
        case .string: .string([])
        case .bool: .bool(false)
        case .int: .int(0)
        case .int64: .int64(0)
        case .float64: .float64(0)
        case .bytes: .bytes([])
        default: .null
        }
    }

    /// Whether a value of type `other` may be handed to a parameter of this type.
    func accepts(_ other: GoType) -> Bool {
        switch (self, other) {
        case (.interface, _), (.anything, _): true
        case (.map(let element, let name), .map(let otherElement, let otherName)):
            element == otherElement && (name == nil || otherName == nil || name == otherName)
        default: self == other
        }
    }
}

/// Go's `reflect.Kind`.
enum GoKind: String, Sendable {
    case invalid, bool, int, int64, uint64, float64, complex128, string, slice, map
    case structure = "struct"
    case pointer = "ptr"
    case interface
    case function = "func"
}

extension GoValue {
    /// The dynamic type; nil has none.
    var type: GoType? {
        switch self {
        case .invalid, .null: nil
        case .bool: .bool
        case .int: .int
        case .int64: .int64
        case .uint64: .uint64
        case .float64: .float64
        case .complex128: .complex128
        case .string: .string
        case .bytes: .bytes
        case .list(let list): .slice(list.element)
        case .map(let map): map.type
        case .object(let object): object.type
        }
    }

    /// `%T`.
    var typeName: String { type?.name ?? "<nil>" }

    /// `kindOf`.
    var kind: GoKind { type?.kind ?? .invalid }
}
