// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Functions about empty values.
enum DefaultFunctions {
    static let all: [Function] = [
        Function("default", [.interface], variadic: .interface) { _, values in
            guard values.count > 1, !values[1].isEmpty else { return values[0] }
            return values[1]
        },
        Function("empty", [.interface]) { _, values in .bool(values[0].isEmpty) },
        Function("coalesce", [], variadic: .interface) { _, values in values.first { !$0.isEmpty } ?? .null },
        Function("all", [], variadic: .interface) { _, values in .bool(values.allSatisfy { !$0.isEmpty }) },
        Function("any", [], variadic: .interface) { _, values in .bool(values.contains { !$0.isEmpty }) },
        Function("ternary", [.interface, .interface, .bool]) { _, values in values.bool(2) ? values[0] : values[1] },
    ]
}

extension GoValue {
    /// sprig's emptiness: like falsehood, but structs and times are never empty.
    var isEmpty: Bool {
        if case .object = self { return false }
        return !isTrue
    }
}
