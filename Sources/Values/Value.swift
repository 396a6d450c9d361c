// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Any document: what a YAML or JSON text says, the one dynamic value of the program.
///
/// `int` and `double` stay distinct, as in the text: `1` is an int, `1.0` a double, and they are not equal.
public enum Value: Sendable, Hashable {
    /// Nothing.
    case null
    /// True or false.
    case bool(Bool)
    /// A whole number, exactly.
    case int(Int64)
    /// Any other finite number.
    case double(Double)
    /// A text.
    case string(String)
    /// A list.
    case array([Value])
    /// An object.
    case mapping(Mapping)
}

extension Value: ExpressibleByStringInterpolation, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    /// A string from a literal.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A bool from a literal.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// An int from a literal.
    public init(integerLiteral value: Int64) { self = .int(value) }
    /// A double from a literal.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// An array from a literal.
    public init(arrayLiteral elements: Value...) { self = .array(elements) }
    /// A mapping from a literal, in its order.
    public init(dictionaryLiteral elements: (String, Value)...) { self = .mapping(Mapping(elements)) }
    /// Null from a literal.
    public init(nilLiteral: ()) { self = .null }
}
