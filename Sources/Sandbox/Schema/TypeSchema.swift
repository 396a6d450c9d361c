// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// The type of a value in an API object: what server-side apply, patches, validation and pruning walk along.
///
/// Built-in kinds have it from the table in `BuiltInTypes`, custom resources from their structural schema.
public struct TypeSchema: Sendable {
    private enum Storage: Sendable {
        case shape(Shape)
        case builtIn(Int)
    }

    /// What a value of a type looks like.
    public enum Shape: Sendable {
        /// A leaf.
        case scalar(ScalarType)
        /// A struct, a map, or both.
        case object(ObjectSchema)
        /// A list.
        case list(ListSchema)
        /// Anything; owned as a whole when atomic, else by what the value turns out to be.
        case any(isAtomic: Bool)
    }

    private let storage: Storage
    /// The value rules of a custom resource's schema; nil for built-in types.
    public let rules: ValueRules?

    /// Makes a type of a shape.
    public init(_ shape: Shape, rules: ValueRules? = nil) {
        storage = .shape(shape)
        self.rules = rules
    }

    /// Makes a type of a line of the built-in table, which is read when it is needed.
    init(builtIn number: Int) {
        storage = .builtIn(number)
        rules = nil
    }

    /// What a value of this type looks like.
    public var shape: Shape {
        switch storage {
        case .shape(let shape): shape
        case .builtIn(let number): .object(BuiltInTypes.object(number))
        }
    }

    /// The shape where it is not a line of the built-in table: what can be asked while the table is read.
    var ownShape: Shape? {
        guard case .shape(let shape) = storage else { return nil }
        return shape
    }

    /// Anything at all, owned by what the value turns out to be: the type of unknown fields.
    public static let unknown = TypeSchema(.any(isAtomic: false))

    /// The struct or map, nil for other shapes.
    public var object: ObjectSchema? {
        guard case .object(let object) = shape else { return nil }
        return object
    }

    /// The list, nil for other shapes.
    public var list: ListSchema? {
        guard case .list(let list) = shape else { return nil }
        return list
    }

    /// The type below a field of a struct or a key of a map; nil where there can be none.
    public func field(_ name: String) -> TypeSchema? {
        switch shape {
        case .object(let object): object.type(of: name)
        case .any: .unknown
        case .scalar, .list: nil
        }
    }
}

/// The leaves of the API's types.
public enum ScalarType: Sendable, Hashable {
    /// A text; the name is that of the Go type where it is not plain `string`.
    case string(name: String?)
    /// A whole number of 32 bits.
    case int32
    /// A whole number of 64 bits.
    case int64
    /// A floating point number.
    case double
    /// True or false.
    case bool
    /// A resource quantity such as `500m` or `1Gi`, as text or number.
    case quantity
    /// A number or a text such as `25%`.
    case intOrString
    /// A time in RFC 3339, in seconds.
    case time
    /// A time in RFC 3339, in microseconds.
    case microTime
    /// Bytes, as base64.
    case bytes
}

/// A struct with known fields, a map with any keys, or both.
public final class ObjectSchema: Sendable {
    /// The name of the Go type without its package, such as `PodSpec`; empty for custom resources.
    public let name: String
    /// The API version in the Go type's package name: `v1`.
    public let version: String
    /// The known fields.
    public let fields: [String: FieldSchema]
    /// The type of the values under unknown keys; nil where unknown keys are errors.
    public let additional: TypeSchema?
    /// Whether server-side apply owns the whole as one.
    public let isAtomic: Bool
    /// The names of the fields that are written even when they were not given, sorted.
    let alwaysWritten: [String]
    /// Whether this is an object of its own with apiVersion, kind and metadata, below another.
    public let isEmbeddedResource: Bool

    /// Makes a struct or a map.
    public init(
        name: String = "", version: String = "v1", fields: [String: FieldSchema] = [:], additional: TypeSchema? = nil,
        isAtomic: Bool = false, isEmbeddedResource: Bool = false
    ) {
        self.name = name
        self.version = version
        self.fields = fields
        self.additional = additional
        self.isAtomic = isAtomic
        alwaysWritten = fields.filter { $0.value.presence == .always }.map(\.key).sorted()
        self.isEmbeddedResource = isEmbeddedResource
    }

    /// The type of the value under a key; nil for an unknown one.
    public func type(of key: String) -> TypeSchema? { fields[key]?.type ?? additional }

    /// Whether it has no known fields, only keys.
    public var isMap: Bool { fields.isEmpty && additional != nil }
}

/// A list.
public final class ListSchema: Sendable {
    /// How server-side apply sees the elements of a list.
    public enum Kind: Sendable, Hashable {
        /// The list is owned as one.
        case atomic
        /// Scalars, each at most once.
        case set
        /// Objects told apart by the fields named.
        case map(keys: [String])
    }

    /// The type of the elements.
    public let element: TypeSchema
    /// How elements are told apart.
    public let kind: Kind
    /// The name of the Go type where the list has one, such as `ResourceList`.
    public let name: String?

    /// Makes a list.
    public init(element: TypeSchema, kind: Kind = .atomic, name: String? = nil) {
        self.element = element
        self.kind = kind
        self.name = name
    }
}

/// A known field of a struct.
public struct FieldSchema: Sendable {
    /// How an absent or zero value of a field is written.
    public enum Presence: Sendable, Hashable {
        /// Left out when zero: false, 0, "", and empty lists and maps vanish.
        case omittedWhenZero
        /// Kept as it was given, zero or not.
        case optional
        /// Written even when zero.
        case always
    }

    /// The type of the value.
    public let type: TypeSchema
    /// How zero values are written.
    public let presence: Presence
    /// Whether the API description calls it required.
    public let isRequired: Bool
    /// How a strategic merge patch treats it.
    public let patch: PatchStrategy
    /// The value that identifies a list element that leaves this key field out.
    public let keyDefault: Value?
    /// The numbers of the field in the protobuf encoding: one, or more where a struct is embedded; empty when not encoded.
    public let protobufPath: [Int]

    /// Makes a field.
    public init(
        type: TypeSchema, presence: Presence = .optional, isRequired: Bool = false,
        patch: PatchStrategy = PatchStrategy(), keyDefault: Value? = nil, protobufPath: [Int] = []
    ) {
        self.type = type
        self.presence = presence
        self.isRequired = isRequired
        self.patch = patch
        self.keyDefault = keyDefault
        self.protobufPath = protobufPath
    }
}

/// How a strategic merge patch treats a field.
public struct PatchStrategy: Sendable, Hashable {
    /// Whether elements of a list are merged instead of the list being replaced.
    public var mergesElements = false
    /// The field that tells elements apart; nil for lists of scalars.
    public var mergeKey: String?
    /// Whether keys that the patch does not name are dropped when it carries `$retainKeys`.
    public var retainsKeys = false
    /// Whether a map is replaced rather than merged.
    public var replaces = false

    /// Makes the default strategy: maps merge, lists are replaced.
    public init() {}
}
