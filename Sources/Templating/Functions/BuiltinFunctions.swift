// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The functions of Go's `text/template` that look into values.
enum BuiltinFunctions {
    static let all: [Function] = [
        Function("and", [.anything], variadic: .anything, evaluation: .stopping(atTrue: false)) { _, _ in .invalid },
        Function("or", [.anything], variadic: .anything, evaluation: .stopping(atTrue: true)) { _, _ in .invalid },
        Function("not", [.anything]) { _, values in .bool(!values[0].isTrue) },
        Function("len", [.anything]) { _, values in .int(try length(values[0])) },
        Function("index", [.anything], variadic: .anything) { _, values in
            guard !values[0].isNil else { throw GoError("index of untyped nil") }
            return try values.dropFirst().reduce(values[0]) { try index($0, by: $1) }
        },
        Function("call", [.anything], variadic: .anything, evaluation: .callee) { _, values in
            if values[0].isNil { throw GoError("call of nil") }
            throw GoError("non-function {callee} of type \(values[0].typeName)")
        },
    ]

    private static func length(_ value: GoValue) throws -> Int {
        switch value {
        case .string(let text), .bytes(let text): return text.count
        case .list(let list): return list.items.count
        case .map(let map): return map.count
        case .null, .invalid: throw GoError("reflect: call of reflect.Value.Type on zero Value")
        default: throw GoError("len of type \(value.typeName)")
        }
    }

    private static func index(_ value: GoValue, by key: GoValue) throws -> GoValue {
        switch value {
        case .null, .invalid: throw GoError("index of nil pointer")
        case .list(let list): return list.items[try position(key, count: list.items.count)]
        case .string(let text), .bytes(let text): return .int(Int(text[try position(key, count: text.count)]))
        case .map(let map):
            guard case .string(let name) = key else {
                throw GoError(
                    key.isNil
                        ? "value is nil; should be of type string" : "value has type \(key.typeName); should be string")
            }
            return map[name] ?? map.zero
        default: throw GoError("can't index item of type \(value.typeName)")
        }
    }

    private static func position(_ key: GoValue, count: Int) throws -> Int {
        guard let position = key.anyInteger else {
            throw GoError(
                key.isNil
                    ? "cannot index slice/array with nil" : "cannot index slice/array with type \(key.typeName)")
        }
        guard position >= 0, position < count else { throw GoError("index out of range: \(position)") }
        return position
    }
}
