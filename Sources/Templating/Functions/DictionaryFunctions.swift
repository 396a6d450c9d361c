// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// sprig's functions on maps.
enum DictionaryFunctions {
    static let all: [Function] = [
        Function("dict", [], variadic: .interface) { _, values in
            let map = GoMap()
            for index in stride(from: 0, to: values.count, by: 2) {
                map[values[index].sprigText] = index + 1 < values.count ? values[index + 1] : .string([])
            }
            return .map(map)
        },
        Function("get", [.anyMap, .string]) { _, values in values.map(0)[values.text(1)] ?? .string([]) },
        Function("set", [.anyMap, .string, .interface]) { _, values in
            if values[0].isNil { throw GoError("assignment to entry in nil map") }
            values.map(0)[values.text(1)] = values[2]
            return values[0]
        },
        Function("unset", [.anyMap, .string]) { _, values in
            values.map(0)[values.text(1)] = nil
            return values[0]
        },
        Function("hasKey", [.anyMap, .string]) { _, values in .bool(values.map(0)[values.text(1)] != nil) },
        // Go's order is random here; sorted is one of its orders, and the same every time.
        Function("keys", [], variadic: .anyMap) { _, values in
            .strings(values.indices.flatMap { values.map($0).keys })
        },
        Function("values", [.anyMap]) { _, values in .list(values.map(0).values) },
        Function("pick", [.anyMap], variadic: .string) { _, values in
            let source = values.map(0)
            return .map(
                GoMap(
                    values.indices.dropFirst().compactMap { index in
                        source[values.text(index)].map { (values.text(index), $0) }
                    }))
        },
        Function("omit", [.anyMap], variadic: .string) { _, values in
            let result = values.map(0).copy(type: .anyMap)
            for index in values.indices.dropFirst() { result[values.text(index)] = nil }
            return .map(result)
        },
        Function("pluck", [.string], variadic: .anyMap) { _, values in
            .list(values.indices.dropFirst().compactMap { values.map($0)[values.text(0)] })
        },
        Function("dig", [], variadic: .interface) { _, values in try dig(values) },
    ]

    private static func dig(_ values: [GoValue]) throws -> GoValue {
        guard values.count >= 3 else { throw GoError("dig needs at least three arguments") }
        guard case .map(var map) = values[values.count - 1], map.type == .anyMap else {
            throw conversion(values[values.count - 1], to: "map[string]interface {}")
        }
        let fallback = values[values.count - 2]
        for (index, key) in values.dropLast(2).enumerated() {
            guard case .string(let name) = key else { throw conversion(key, to: "string") }
            guard let value = map[name] else { return fallback }
            if index == values.count - 3 { return value }
            guard case .map(let inner) = value, inner.type == .anyMap else {
                throw conversion(value, to: "map[string]interface {}")
            }
            map = inner
        }
        return fallback
    }

    private static func conversion(_ value: GoValue, to type: String) -> GoError {
        GoError("interface conversion: interface {} is \(value.isNil ? "nil" : value.typeName), not \(type)")
    }
}
