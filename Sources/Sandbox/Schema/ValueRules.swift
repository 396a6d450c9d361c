// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// What a custom resource's schema says about a value beyond its type.
public final class ValueRules: Sendable {
    /// The word of JSON Schema: object, array, string, integer, number, boolean; nil where any type is allowed.
    public let type: String?
    /// Whether null is a value of its own rather than an absent one.
    public let isNullable: Bool
    /// Whether a number and a text are both allowed.
    public let isIntOrString: Bool
    /// Whether fields that the schema does not name are kept.
    public let preservesUnknownFields: Bool
    /// The value that an absent field gets.
    public let defaultValue: Value?
    /// The fields that must be there, in the schema's order.
    public let required: [String]
    /// The only values allowed.
    public let allowedValues: [Value]
    /// The name of a format such as `date-time`.
    public let format: String?
    /// A regular expression a text must match.
    public let pattern: String?
    /// The bounds of sizes and numbers.
    public let bounds: Bounds
    /// Schemas of which all, any, exactly one must hold, and one that must not.
    public let junctions: Junctions

    /// The bounds of sizes and numbers.
    public struct Bounds: Sendable {
        /// The least number.
        public var minimum: Value?
        /// The greatest number.
        public var maximum: Value?
        /// Whether the least number itself is not allowed.
        public var isMinimumExclusive = false
        /// Whether the greatest number itself is not allowed.
        public var isMaximumExclusive = false
        /// What a number must be a multiple of.
        public var multipleOf: Value?
        /// The bounds of the length of a text, in characters.
        public var length = SizeBounds()
        /// The bounds of the number of elements.
        public var items = SizeBounds()
        /// The bounds of the number of keys.
        public var properties = SizeBounds()
        /// Whether elements must differ.
        public var hasUniqueItems = false

        /// No bounds.
        public init() {}
    }

    /// The bounds of a size.
    public struct SizeBounds: Sendable {
        /// The least size.
        public var minimum: Int64?
        /// The greatest size.
        public var maximum: Int64?

        /// No bounds.
        public init() {}
    }

    /// Schemas combined by logic; they constrain values and declare no fields.
    public struct Junctions: Sendable {
        /// All must hold.
        public var all: [TypeSchema] = []
        /// At least one must hold.
        public var any: [TypeSchema] = []
        /// Exactly one must hold.
        public var one: [TypeSchema] = []
        /// It must not hold; none or one element.
        public var not: [TypeSchema] = []

        /// No schemas.
        public init() {}
    }

    /// Makes rules.
    public init(
        type: String?, isNullable: Bool = false, isIntOrString: Bool = false, preservesUnknownFields: Bool = false,
        defaultValue: Value? = nil, required: [String] = [], allowedValues: [Value] = [], format: String? = nil,
        pattern: String? = nil, bounds: Bounds = Bounds(), junctions: Junctions = Junctions()
    ) {
        self.type = type
        self.isNullable = isNullable
        self.isIntOrString = isIntOrString
        self.preservesUnknownFields = preservesUnknownFields
        self.defaultValue = defaultValue
        self.required = required
        self.allowedValues = allowedValues
        self.format = format
        self.pattern = pattern
        self.bounds = bounds
        self.junctions = junctions
    }
}
