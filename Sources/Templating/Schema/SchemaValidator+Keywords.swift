// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension SchemaValidator {
    // MARK: Keywords about the value itself

    func plain(_ value: GoValue, _ keywords: Mapping, at pointer: String) throws -> [SchemaError] {
        var messages: [String] = []
        if let allowed = keywords["enum"]?.array, !allowed.contains(where: { GoValue($0).isSameJSON(as: value) }) {
            let names = allowed.map(Self.shown).joined(separator: ", ")
            messages.append(allowed.count == 1 ? "value must be \(names)" : "value must be one of \(names)")
        }
        if let wanted = keywords["const"], !GoValue(wanted).isSameJSON(as: value) {
            messages.append("value must be \(Self.shown(wanted))")
        }
        switch value {
        case .int, .int64, .uint64, .float64: messages += number(value.castToFloat, keywords)
        case .string(let text): messages += try string(text, keywords)
        case .list(let list): messages += items(list.items, keywords)
        case .map(let map): messages += map.count(keywords)
        default: break
        }
        return messages.map { SchemaError(pointer: pointer, message: $0) }
    }

    private static func shown(_ value: Value) -> String {
        if case .string(let text) = value { return "'\(text)'" }
        return GoJSON.encode(GoValue(value)).map(\.text) ?? ""
    }

    private func number(_ number: Double, _ keywords: Mapping) -> [String] {
        let shown = GoFloat.json(number).text
        let rules: [(String, (Double) -> Bool)] = [
            ("minimum", { number >= $0 }), ("maximum", { number <= $0 }),
            ("exclusiveMinimum", { number > $0 }), ("exclusiveMaximum", { number < $0 }),
            ("multipleOf", { $0 == 0 || (number / $0) == (number / $0).rounded() }),
        ]
        return rules.compactMap { name, holds in
            guard let limit = keywords[name]?.double, !holds(limit) else { return nil }
            return "\(name): got \(shown), want \(GoFloat.json(limit).text)"
        }
    }

    private func string(_ text: Bytes, _ keywords: Mapping) throws -> [String] {
        var messages = Self.size(text.runeCount, "Length", keywords)
        if let pattern = keywords["pattern"]?.string, !(try GoRegex(Bytes(pattern)).matches(text)) {
            messages.append("'\(text.text)' does not match pattern '\(pattern)'")
        }
        return messages
    }

    private func items(_ items: [GoValue], _ keywords: Mapping) -> [String] {
        var messages = Self.size(items.count, "Items", keywords)
        if keywords["uniqueItems"]?.bool == true {
            var seen: [Bytes: Int] = [:]
            for (index, item) in items.enumerated() {
                guard let key = GoJSON.encode(item) else { continue }
                if let first = seen[key] {
                    messages.append("items at \(first) and \(index) are equal")
                    break
                }
                seen[key] = index
            }
        }
        return messages
    }

    fileprivate static func size(_ count: Int, _ what: String, _ keywords: Mapping) -> [String] {
        var messages: [String] = []
        if let limit = keywords["min" + what]?.int, count < limit {
            messages.append("min\(what): got \(count), want \(limit)")
        }
        if let limit = keywords["max" + what]?.int, count > limit {
            messages.append("max\(what): got \(count), want \(limit)")
        }
        return messages
    }

    // MARK: Keywords about what a value holds

    func nested(_ value: GoValue, _ keywords: Mapping, at pointer: String, depth: Int) throws -> [SchemaError] {
        switch value {
        case .map(let map): try properties(map, keywords, at: pointer, depth: depth)
        case .list(let list): try elements(list.items, keywords, at: pointer, depth: depth)
        default: []
        }
    }

    private func properties(_ map: GoMap, _ keywords: Mapping, at pointer: String, depth: Int) throws -> [SchemaError] {
        var errors: [SchemaError] = []
        let missing = (keywords["required"]?.array ?? []).compactMap(\.string).filter { map[Bytes($0)] == nil }
        if !missing.isEmpty {
            let names = missing.map { "'\($0)'" }.joined(separator: ", ")
            errors.append(
                SchemaError(
                    pointer: pointer, message: "missing \(missing.count == 1 ? "property" : "properties") \(names)"))
        }
        let declared = keywords["properties"]?.mapping ?? Mapping()
        let patterns = try (keywords["patternProperties"]?.mapping ?? Mapping()).map { pattern, schema in
            (regex: try GoRegex(Bytes(pattern)), schema: schema)
        }
        var additional: [Bytes] = []
        for (key, item) in zip(map.keys, map.values) {
            let place = pointer + "/" + Self.escaped(key)
            var isKnown = false
            if let schema = declared[key.text] {
                isKnown = true
                errors += try check(item, schema, at: place, depth: depth)
            }
            for (regex, schema) in patterns where regex.matches(key) {
                isKnown = true
                errors += try check(item, schema, at: place, depth: depth)
            }
            if let names = keywords["propertyNames"] {
                errors += try check(.string(key), names, at: pointer, depth: depth)
            }
            guard !isKnown, let rest = keywords["additionalProperties"] else { continue }
            if rest == .bool(false) {
                additional.append(key)
            } else {
                errors += try check(item, rest, at: place, depth: depth)
            }
        }
        if !additional.isEmpty {
            let names = additional.map { "'\($0.text)'" }.joined(separator: ", ")
            errors.append(SchemaError(pointer: pointer, message: "additional properties \(names) not allowed"))
        }
        return errors + (try dependencies(map, keywords, at: pointer, depth: depth))
    }

    private func dependencies(_ map: GoMap, _ keywords: Mapping, at pointer: String, depth: Int) throws -> [SchemaError]
    {
        var errors: [SchemaError] = []
        for keyword in ["dependencies", "dependentRequired", "dependentSchemas"] {
            for (key, rule) in keywords[keyword]?.mapping ?? Mapping() where map[Bytes(key)] != nil {
                guard let names = rule.array else {
                    errors += try check(.map(map), rule, at: pointer, depth: depth)
                    continue
                }
                let missing = names.compactMap(\.string).filter { map[Bytes($0)] == nil }.map { "'\($0)'" }
                if !missing.isEmpty {
                    errors.append(
                        SchemaError(
                            pointer: pointer,
                            message: "properties \(missing.joined(separator: ", ")) required, if '\(key)' exists"))
                }
            }
        }
        return errors
    }

    private func elements(_ items: [GoValue], _ keywords: Mapping, at pointer: String, depth: Int) throws
        -> [SchemaError]
    {
        var errors: [SchemaError] = []
        let places = keywords["prefixItems"]?.array ?? keywords["items"]?.array ?? []
        let rest = keywords["items"]?.array == nil ? keywords["items"] : keywords["additionalItems"]
        for (index, item) in items.enumerated() {
            guard let schema = index < places.count ? places[index] : rest else { continue }
            errors += try check(item, schema, at: "\(pointer)/\(index)", depth: depth)
        }
        if let schema = keywords["contains"] {
            let isFound = try items.contains { try check($0, schema, at: pointer, depth: depth).isEmpty }
            if !isFound { errors.append(SchemaError(pointer: pointer, message: "no items match contains schema")) }
        }
        return errors
    }

    private static func escaped(_ key: Bytes) -> String {
        key.replacing(Bytes("~"), with: Bytes("~0")).replacing(Bytes("/"), with: Bytes("~1")).text
    }
}

extension GoMap {
    fileprivate func count(_ keywords: Mapping) -> [String] { SchemaValidator.size(count, "Properties", keywords) }
}
