// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Reads Helm's `--set` grammar: `a.b=1,c={x,y},d[0].e=v,f\.g=h\,i`.
struct ValueSetter {
    private let text: Bytes
    private let kind: ValueOverride.Kind
    private var index = 0

    private static let nestingLimit = 30
    private static let indexLimit = 65536

    init(_ text: String, kind: ValueOverride.Kind) {
        self.text = Bytes(text)
        self.kind = kind
    }

    mutating func apply(to map: GoMap) throws(ChartError) {
        if kind == .json, let first = StringFunctions.trimmingSpace(text).first, first == UInt8(ascii: "{") {
            return try applyObject(to: map)
        }
        while index < text.count {
            try key(in: map, depth: 0)
        }
    }

    private func applyObject(to map: GoMap) throws(ChartError) {
        do throws(JSONError) {
            guard case .map(let object) = GoValue(try Value(json: text)) else { return }
            for (key, value) in zip(object.keys, object.values) { map[key] = value }
        } catch {
            throw failure(error.message)
        }
    }

    // MARK: Names

    private enum Stop {
        case end, dot, equals, comma, bracket
    }

    /// Reads up to one of the stops; a backslash takes the next character as it is.
    private mutating func name() -> (Bytes, Stop) {
        var result = Bytes()
        while index < text.count {
            let byte = text[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\\"):
                if index < text.count { result.append(text[index]) }
                index += 1
            case UInt8(ascii: "."): return (result, .dot)
            case UInt8(ascii: "="): return (result, .equals)
            case UInt8(ascii: ","): return (result, .comma)
            case UInt8(ascii: "["): return (result, .bracket)
            default: result.append(byte)
            }
        }
        return (result, .end)
    }

    private mutating func key(in map: GoMap, depth: Int) throws(ChartError) {
        guard depth <= Self.nestingLimit else {
            throw failure(
                "value name nested level is greater than maximum supported nested level of \(Self.nestingLimit)")
        }
        let (name, stop) = name()
        switch stop {
        case .end:
            if name.isEmpty { return }
            throw failure("key \(GoQuote.quote(name).text) has no value")
        case .comma:
            map[name] = .string([])
            throw failure("key \(GoQuote.quote(name).text) has no value (cannot end with ,)")
        case .equals:
            try assign { map[name] = $0 }
        case .dot:
            let inner: GoMap
            switch map[name] {
            case .map(let existing)?: inner = existing
            default: inner = GoMap()
            }
            map[name] = .map(inner)
            try key(in: inner, depth: depth + 1)
        case .bracket:
            var items: [GoValue] = []
            if case .list(let list)? = map[name] { items = list.items }
            try item(of: &items, depth: depth + 1)
            map[name] = .list(items)
        }
    }

    /// The rest of `name[3]...`, behind the bracket.
    private mutating func item(of items: inout [GoValue], depth: Int) throws(ChartError) {
        guard depth <= Self.nestingLimit else {
            throw failure(
                "value name nested level is greater than maximum supported nested level of \(Self.nestingLimit)")
        }
        let start = index
        while index < text.count, text[index] != UInt8(ascii: "]") { index += 1 }
        let digits = Bytes(text[start..<index])
        guard index < text.count, let number = GoNumber.parseInt(digits, base: 10) else {
            throw failure("error parsing index: \(GoQuote.quote(digits).text) is no number")
        }
        index += 1
        guard number >= 0 else { throw failure("negative \(number) index not allowed") }
        guard number <= Self.indexLimit else {
            throw failure("index of \(number) is greater than maximum supported index of \(Self.indexLimit)")
        }
        while items.count <= Int(number) { items.append(.null) }
        let position = Int(number)
        guard index < text.count else { throw failure("unexpected end of key") }
        let byte = text[index]
        index += 1
        switch byte {
        case UInt8(ascii: "="):
            var value: GoValue = .null
            try assign { value = $0 }
            items[position] = value
        case UInt8(ascii: "["):
            var inner: [GoValue] = []
            if case .list(let list) = items[position] { inner = list.items }
            try item(of: &inner, depth: depth + 1)
            items[position] = .list(inner)
        case UInt8(ascii: "."):
            var inner = GoMap()
            if case .map(let map) = items[position] { inner = map }
            try key(in: inner, depth: depth + 1)
            items[position] = .map(inner)
        default:
            throw failure("unexpected data at end of array index: \(GoQuote.quote(Bytes([byte])).text)")
        }
    }

    // MARK: Values

    private mutating func assign(_ set: (GoValue) -> Void) throws(ChartError) {
        switch kind {
        case .literal:
            set(.string(Bytes(text[min(index, text.count)...])))
            index = text.count
        case .json: try assignJSON(set)
        case .set, .string:
            if index < text.count, text[index] == UInt8(ascii: "{") {
                index += 1
                set(.list(try listItems()))
            } else {
                set(typed(value(until: [UInt8(ascii: ",")])))
            }
        }
    }

    /// `{a,b}`, behind the brace.
    private mutating func listItems() throws(ChartError) -> [GoValue] {
        var items: [GoValue] = []
        while true {
            guard index < text.count else { throw failure("list must terminate with '}'") }
            let item = value(until: [UInt8(ascii: ","), UInt8(ascii: "}")])
            guard index <= text.count, text[index - 1] == UInt8(ascii: "}") || text[index - 1] == UInt8(ascii: ",")
            else {
                throw failure("list must terminate with '}'")
            }
            let isLast = text[index - 1] == UInt8(ascii: "}")
            if !(isLast && item.isEmpty) { items.append(typed(item)) }
            if isLast { break }
        }
        if index < text.count, text[index] == UInt8(ascii: ",") { index += 1 }
        return items
    }

    /// The characters up to one of the ends, which is skipped.
    private mutating func value(until ends: Bytes) -> Bytes {
        var result = Bytes()
        while index < text.count {
            let byte = text[index]
            index += 1
            if ends.contains(byte) { return result }
            if byte == UInt8(ascii: "\\") {
                if index < text.count { result.append(text[index]) }
                index += 1
            } else {
                result.append(byte)
            }
        }
        return result
    }

    private mutating func assignJSON(_ set: (GoValue) -> Void) throws(ChartError) {
        // One JSON value ends where its brackets and quotes do.
        let start = index
        var depth = 0
        var isQuoted = false
        scanning: while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\\") where isQuoted: index += 1
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "{") where !isQuoted, UInt8(ascii: "[") where !isQuoted: depth += 1
            case UInt8(ascii: "}") where !isQuoted, UInt8(ascii: "]") where !isQuoted: depth -= 1
            case UInt8(ascii: ",") where !isQuoted && depth == 0: break scanning
            default: break
            }
            index += 1
        }
        let end = min(index, text.count)
        index = end + 1
        let json = StringFunctions.trimmingSpace(Bytes(text[start..<end]))
        if json.isEmpty { return set(.null) }
        do throws(JSONError) {
            set(GoValue(try Value(json: json)))
        } catch {
            throw failure(error.message)
        }
    }

    /// What `--set` takes a text for: 012 and 1.5 stay strings.
    private func typed(_ value: Bytes) -> GoValue {
        guard kind == .set else { return .string(value) }
        switch value.text.lowercased() {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        case "0": return .int64(0)
        default: break
        }
        if value.first != UInt8(ascii: "0"), let number = GoNumber.parseInt(value, base: 10) { return .int64(number) }
        return .string(value)
    }

    private func failure(_ reason: String) -> ChartError {
        let flag =
            switch kind {
            case .set: "--set"
            case .string: "--set-string"
            case .json: "--set-json"
            case .literal: "--set-literal"
            }
        return ChartError("failed parsing \(flag) data: \(reason)")
    }
}
