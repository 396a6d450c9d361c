// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Turns nodes into values, by one reading of duplicate keys and merge keys.
struct ValueBuilder {
    let source: SourceText
    let reading: YAMLReading

    func value(of node: YAMLNode) throws(YAMLError) -> Value {
        switch node.content {
        case .scalar(let scalar): return try value(of: scalar, node)
        case .sequence(let items):
            var values: [Value] = []
            values.reserveCapacity(items.count)
            for item in items { values.append(try value(of: item)) }
            return .array(values)
        case .mapping(let pairs):
            return .mapping(try mapping(pairs))
        }
    }

    // MARK: Mappings

    private func mapping(_ pairs: [YAMLPair]) throws(YAMLError) -> Mapping {
        var result = Mapping()
        var explicit: [String: YAMLMark] = [:]
        // Written keys win over merged ones, and earlier merges over later ones; Go's yaml v2 instead takes whatever
        // comes later in the text, and Helm's users see that.
        if reading == .strict {
            for pair in pairs where isMerge(pair.key) {
                for (key, value) in try merged(pair.value) where !result.contains(key) { result[key] = value }
            }
        }
        for pair in pairs {
            guard !isMerge(pair.key) else {
                if reading == .kubernetes {
                    for (key, value) in try merged(pair.value) { result[key] = value }
                }
                continue
            }
            let key = try key(of: pair.key)
            if reading == .strict {
                if let first = explicit.updateValue(pair.key.mark, forKey: key) {
                    throw Self.duplicate(key, at: pair.key.mark, first: first, in: source)
                }
            }
            result[key] = try value(of: pair.value)
        }
        return result
    }

    static func duplicate(_ key: String, at mark: YAMLMark, first: YAMLMark, in source: SourceText) -> YAMLError {
        source.error(
            .value, "key '\(key)' is written twice", at: mark, hint: "keep one of the two",
            notes: [("it is written first here", first)], go: "line \(mark.line): key \"\(key)\" already set in map")
    }

    func isMerge(_ key: YAMLNode) -> Bool {
        guard let scalar = key.scalar, scalar.text == "<<" else { return false }
        return key.tag == YAMLTag.merge || key.tag == nil && scalar.style == .plain
    }

    private func merged(_ node: YAMLNode) throws(YAMLError) -> Mapping {
        switch node.content {
        case .mapping(let pairs): return try mapping(pairs)
        case .sequence(let items):
            var result = Mapping()
            for item in items.reversed() {
                guard let pairs = item.pairs else { throw wrongMerge(item.mark) }
                for (key, value) in try mapping(pairs) { result[key] = value }
            }
            return result
        case .scalar: throw wrongMerge(node.mark)
        }
    }

    private func wrongMerge(_ mark: YAMLMark) -> YAMLError {
        source.error(
            .value, "'<<' merges a mapping or a list of mappings, nothing else", at: mark,
            go: "map merge requires map or sequence of maps as the value")
    }

    /// The key as JSON has it: numbers and booleans become texts, null and containers are no keys.
    func key(of node: YAMLNode) throws(YAMLError) -> String {
        guard let scalar = node.scalar else {
            throw source.error(
                .value, "a key must be a single word, not a list or a mapping", at: node.mark,
                hint: "'{{ ... }}' without quotes reads as a mapping: put it in quotes",
                go: "invalid map key: \(node.items == nil ? "map" : "seq")")
        }
        if node.tag == nil, scalar.style != .plain { return scalar.text }
        switch try value(of: scalar, node) {
        case .string(let text): return text
        case .bool(let bool): return bool ? "true" : "false"
        case .int(let number): return String(number)
        case .double(let number): return GoFloat.key(number)
        default:
            throw source.error(
                .value, "a key must not be null", at: node.mark, hint: "put it in quotes",
                go: "Unsupported map key of type: invalid")
        }
    }

    // MARK: Scalars

    private func value(of scalar: YAMLScalar, _ node: YAMLNode) throws(YAMLError) -> Value {
        guard let tag = node.tag else {
            return scalar.style == .plain
                ? try finite(ScalarResolver.resolve(scalar.text), node) : .string(scalar.text)
        }
        switch tag {
        case YAMLTag.string, YAMLTag.timestamp: return .string(scalar.text)
        case YAMLTag.null, YAMLTag.bool, YAMLTag.int, YAMLTag.float:
            let value = ScalarResolver.resolve(scalar.text)
            switch (tag, value) {
            case (YAMLTag.null, .null), (YAMLTag.bool, .bool), (YAMLTag.int, .int), (YAMLTag.float, .int):
                return value
            case (YAMLTag.float, .double): return try finite(value, node)
            default:
                let kind = YAMLTag.short(tag)
                throw source.error(
                    .value, "'\(scalar.text)' is not \(kind)", at: node.mark,
                    go: "cannot decode \(Self.shortTag(of: value)) `\(scalar.text)` as a \(kind)")
            }
        case YAMLTag.binary:
            guard let bytes = Base64.decoded(scalar.text) else {
                throw source.error(
                    .value, "the !!binary value is not base64", at: node.mark,
                    go: "!!binary value contains invalid base64 data")
            }
            return .string(String(decoding: bytes, as: UTF8.self))
        default:
            // Go's yaml takes the text of an unknown tag as it stands.
            return .string(scalar.text)
        }
    }

    private func finite(_ value: Value, _ node: YAMLNode) throws(YAMLError) -> Value {
        guard case .double(let number) = value else { return value }
        guard let finite = Self.jsonNumber(number) else {
            throw source.error(
                .value, "'\(node.scalar?.text ?? "")' has no place in JSON, which Kubernetes speaks", at: node.mark,
                hint: "quote it if it is a text",
                go: "json: unsupported value: \(number.isNaN ? "NaN" : number > 0 ? "+Inf" : "-Inf")")
        }
        return finite
    }

    /// A number as it comes out of Go's JSON, where `2.0` is written `2`; nil for what JSON cannot hold.
    static func jsonNumber(_ number: Double) -> Value? {
        guard number.isFinite else { return nil }
        if let whole = Int64(exactly: number), number.magnitude < 1e15 { return .int(whole) }
        return .double(number)
    }

    private static func shortTag(of value: Value) -> String {
        switch value {
        case .null: "!!null"
        case .bool: "!!bool"
        case .int: "!!int"
        case .double: "!!float"
        default: "!!str"
        }
    }
}
