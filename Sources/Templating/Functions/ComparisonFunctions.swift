// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// `eq`, `ne`, `lt`, `le`, `gt` and `ge`: Go compares within a kind and refuses across kinds.
enum ComparisonFunctions {
    static let all: [Function] = [
        Function("eq", [.anything], variadic: .anything) { _, values in
            guard values.count > 1 else { throw GoError("missing argument for comparison") }
            if try values.dropFirst().contains(where: { try isEqual(values[0], $0) }) { return .bool(true) }
            return .bool(false)
        },
        Function("ne", [.anything, .anything]) { _, values in .bool(try !isEqual(values[0], values[1])) },
        Function("lt", [.anything, .anything]) { _, values in .bool(try isLess(values[0], values[1])) },
        Function("le", [.anything, .anything]) { _, values in
            let isLess = try isLess(values[0], values[1])
            return .bool(try isLess || isEqual(values[0], values[1]))
        },
        Function("gt", [.anything, .anything]) { _, values in
            let isLess = try isLess(values[0], values[1])
            return .bool(try !isLess && !isEqual(values[0], values[1]))
        },
        Function("ge", [.anything, .anything]) { _, values in .bool(try !isLess(values[0], values[1])) },
    ]

    private enum Basic {
        case bool(Bool)
        case integer(Int64)
        case unsigned(UInt64)
        case float(Double)
        case complex(GoComplex)
        case string(Bytes)
    }

    private static func basic(_ value: GoValue) -> Basic? {
        switch value {
        case .bool(let value): .bool(value)
        case .int(let value): .integer(Int64(value))
        case .int64(let value): .integer(value)
        case .uint64(let value): .unsigned(value)
        case .float64(let value): .float(value)
        case .complex128(let value): .complex(value)
        case .string(let value): .string(value)
        default: nil
        }
    }

    private static func isEqual(_ left: GoValue, _ right: GoValue) throws -> Bool {
        try refuseIncomparable(left, right)
        if left.isNil || right.isNil { return left.isNil && right.isNil }
        switch (basic(left), basic(right)) {
        case (.bool(let left), .bool(let right)): return left == right
        case (.integer(let left), .integer(let right)): return left == right
        case (.unsigned(let left), .unsigned(let right)): return left == right
        case (.integer(let left), .unsigned(let right)): return left >= 0 && UInt64(left) == right
        case (.unsigned(let left), .integer(let right)): return right >= 0 && UInt64(right) == left
        case (.float(let left), .float(let right)): return left == right
        case (.complex(let left), .complex(let right)):
            return left.real == right.real && left.imaginary == right.imaginary
        case (.string(let left), .string(let right)): return left == right
        case (nil, nil):
            if case .object(let left) = left, case .object(let right) = right { return left.equals(right) }
            return false
        default: throw incompatible(left, right)
        }
    }

    /// Lists and maps compare with nil only.
    private static func refuseIncomparable(_ left: GoValue, _ right: GoValue) throws {
        for (value, other) in [(left, right), (right, left)] {
            switch value {
            case .list, .map, .bytes:
                if other.isNil { continue }
                let text = Printf.format(Bytes("%s"), [value]).text
                throw GoError("non-comparable type \(text): \(value.typeName)")
            default: continue
            }
        }
    }

    private static func isLess(_ left: GoValue, _ right: GoValue) throws -> Bool {
        guard let first = basic(left), let second = basic(right) else {
            throw GoError("invalid type for comparison")
        }
        switch (first, second) {
        case (.integer(let left), .integer(let right)): return left < right
        case (.unsigned(let left), .unsigned(let right)): return left < right
        case (.integer(let left), .unsigned(let right)): return left < 0 || UInt64(left) < right
        case (.unsigned(let left), .integer(let right)): return right >= 0 && left < UInt64(right)
        case (.float(let left), .float(let right)): return left < right
        case (.string(let left), .string(let right)): return left.precedes(right)
        case (.bool, .bool), (.complex, .complex): throw GoError("invalid type for comparison")
        default: throw incompatible(left, right)
        }
    }

    private static func incompatible(_ left: GoValue, _ right: GoValue) -> GoError {
        GoError("incompatible types for comparison: \(left.typeName) and \(right.typeName)")
    }
}
