// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Functions that name types.
enum TypeFunctions {
    static let all: [Function] = [
        Function("kindOf", [.interface]) { _, values in .text(values[0].kind.rawValue) },
        Function("kindIs", [.string, .interface]) { _, values in
            .bool(values.text(0) == Bytes(values[1].kind.rawValue))
        },
        Function("typeOf", [.interface]) { _, values in .text(values[0].typeName) },
        Function("typeIs", [.string, .interface]) { _, values in .bool(values.text(0) == Bytes(values[1].typeName)) },
        Function("typeIsLike", [.string, .interface]) { _, values in
            let name = Bytes(values[1].typeName)
            return .bool(values.text(0) == name || Bytes("*") + values.text(0) == name)
        },
    ]

    /// The functions that look at whole values.
    static let comparing: [Function] = [
        Function("deepEqual", [.interface, .interface]) { _, values in .bool(values[0].isDeeplyEqual(to: values[1])) }
    ]
}

extension GoValue {
    /// `reflect.DeepEqual`: types count.
    func isDeeplyEqual(to other: GoValue) -> Bool {
        switch (self, other) {
        case (.null, .null), (.invalid, .invalid), (.null, .invalid), (.invalid, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.int(let left), .int(let right)): left == right
        case (.int64(let left), .int64(let right)): left == right
        case (.uint64(let left), .uint64(let right)): left == right
        case (.float64(let left), .float64(let right)): left == right
        case (.string(let left), .string(let right)): left == right
        case (.bytes(let left), .bytes(let right)): left == right
        case (.list(let left), .list(let right)):
            left.element == right.element && left.items.count == right.items.count
                && zip(left.items, right.items).allSatisfy { $0.isDeeplyEqual(to: $1) }
        case (.map(let left), .map(let right)):
            left.isSame(as: right) && left.type == right.type
                || left.type == right.type && left.keys == right.keys
                    && zip(left.values, right.values).allSatisfy { $0.isDeeplyEqual(to: $1) }
        case (.object(let left), .object(let right)): left.equals(right)
        default: false
        }
    }
}
