// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// sprig's functions on lists.
enum ListFunctions {
    static let all: [Function] =
        [
            Function("list", [], variadic: .interface) { _, values in .list(values) },
            Function("tuple", [], variadic: .interface) { _, values in .list(values) },
            Function("until", [.int]) { evaluator, values in
                let count = values.int(0)
                return try numbers(from: 0, to: count, by: count < 0 ? -1 : 1, evaluator)
            },
            Function("untilStep", [.int, .int, .int]) { evaluator, values in
                try numbers(from: values.int(0), to: values.int(1), by: values.int(2), evaluator)
            },
            Function("seq", [], variadic: .int) { evaluator, values in try sequence(values, evaluator) },
            Function("concat", [], variadic: .interface) { _, values in
                var result: [GoValue] = []
                for index in values.indices { result += try values.items(index, for: "concat") }
                return .list(result)
            },
        ]
        + pair("first", [.interface]) { values, name in try values.items(0, for: name).first ?? .null }
        + pair("last", [.interface]) { values, name in try values.items(0, for: name).last ?? .null }
        + pair("rest", [.interface]) { values, name in
            let items = try values.items(0, for: name)
            return items.isEmpty ? .null : .list(Array(items.dropFirst()))
        }
        + pair("initial", [.interface]) { values, name in
            let items = try values.items(0, for: name)
            return items.isEmpty ? .null : .list(Array(items.dropLast()))
        }
        + pair("reverse", [.interface]) { values, name in .list(try values.items(0, for: name).reversed()) }
        + pair("append", [.interface, .interface]) { values, name in
            .list(try values.items(0, for: "push") + [values[1]])
        }
        + pair("push", [.interface, .interface]) { values, name in .list(try values.items(0, for: name) + [values[1]]) }
        + pair("prepend", [.interface, .interface]) { values, name in
            .list([values[1]] + (try values.items(0, for: name)))
        }
        + pair("compact", [.interface]) { values, name in
            .list(try values.items(0, for: name).filter { !$0.isEmpty })
        }
        + pair("slice", [.interface], variadic: .interface) { values, _ in try slice(values) }
        + pair("chunk", [.int, .interface]) { values, name in
            let size = values.int(0)
            guard size > 0 else { throw GoError("runtime error: integer divide by zero") }
            let items = try values.items(1, for: name)
            return .list(
                stride(from: 0, to: items.count, by: size).map { .list(Array(items[$0..<min($0 + size, items.count)])) }
            )
        }

    /// The functions that compare whole values.
    static let comparing: [Function] =
        pair("uniq", [.interface], cost: { $0.multipliedReportingOverflow(by: $0).partialValue }) { values, name in
            var result: [GoValue] = []
            for item in try values.items(0, for: name) where !result.contains(where: { $0.isDeeplyEqual(to: item) }) {
                result.append(item)
            }
            return .list(result)
        }
        + pair("without", [.interface], variadic: .interface) { values, name in
            .list(
                try values.items(0, for: name).filter { item in
                    !values.dropFirst().contains { $0.isDeeplyEqual(to: item) }
                })
        }
        + pair("has", [.interface, .interface]) { values, name in
            if values[1].isNil { return .bool(false) }
            return .bool(try values.items(1, for: name).contains { $0.isDeeplyEqual(to: values[0]) })
        }

    /// A function and its `must` twin, which differ in nothing here: both fail with the same words.
    private static func pair(
        _ name: String, _ parameters: [GoType], variadic: GoType? = nil,
        cost: @escaping @Sendable (Int) -> Int = { $0 / 8 },
        _ body: @escaping @Sendable ([GoValue], String) throws -> GoValue
    ) -> [Function] {
        let must = "must" + name.prefix(1).uppercased() + name.dropFirst()
        return [name, must].map { function in
            Function(function, parameters, variadic: variadic) { evaluator, values in
                for case .list(let list) in values { try evaluator.step(cost(list.items.count) + 1) }
                return try body(values, name)
            }
        }
    }

    private static func slice(_ values: [GoValue]) throws -> GoValue {
        guard case .list(let list) = values[0] else {
            if values[0].isNil { throw GoError.nilPointer() }
            throw GoError("list should be type of slice or array but \(values[0].kind.rawValue)")
        }
        if list.items.isEmpty { return .null }
        let start = values.count > 1 ? Int(values[1].castToInt64) : 0
        let end = values.count > 2 ? Int(values[2].castToInt64) : list.items.count
        guard start >= 0, end <= list.items.count, start <= end else {
            throw GoError("reflect.Value.Slice: slice index out of bounds")
        }
        return .list(GoList(Array(list.items[start..<end]), element: list.element))
    }

    private static func numbers(from start: Int, to end: Int, by step: Int, _ evaluator: Evaluator) throws -> GoValue {
        guard step != 0, (step > 0) == (end > start), start != end else { return .list(GoList([], element: .int)) }
        let (distance, overflow) = end.subtractingReportingOverflow(start)
        guard !overflow else { throw GoError("the range is too long") }
        try evaluator.step(Int(distance.magnitude / step.magnitude))
        return .list(GoList(stride(from: start, to: end, by: step).map { .int($0) }, element: .int))
    }

    private static func sequence(_ values: [GoValue], _ evaluator: Evaluator) throws -> GoValue {
        let (start, step, end): (Int, Int, Int)
        switch values.count {
        case 1: (start, step, end) = (1, values.int(0) < 1 ? -1 : 1, values.int(0))
        case 2: (start, step, end) = (values.int(0), values.int(1) < values.int(0) ? -1 : 1, values.int(1))
        case 3:
            (start, step, end) = (values.int(0), values.int(1), values.int(2))
            if step == 0 || (end < start) != (step < 0) { return .string([]) }
        default: return .string([])
        }
        let (distance, overflow) = end.subtractingReportingOverflow(start)
        guard !overflow else { throw GoError("the range is too long") }
        try evaluator.step(Int(distance.magnitude / step.magnitude))
        return .string(stride(from: start, through: end, by: step).map { Bytes(String($0)) }.joined(by: [0x20]))
    }
}
