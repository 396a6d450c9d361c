// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Values
import YAMLText

/// Walks the nodes of a plan along the schema: collects values with their defaults, places and problems.
struct PlanReader {
    let source: PlanSource
    /// Where the values of the plan stand, by path; a path that is here was written, if badly.
    private(set) var places: [String: YAMLMark] = [:]
    /// Where their keys stand.
    private(set) var keyPlaces: [String: YAMLMark] = [:]
    private(set) var diagnostics: [Diagnostic] = []
    /// What was written and is well, without defaults.
    private(set) var written = Value.mapping([:])

    private var skipped: Set<String> = []

    init(source: PlanSource) {
        self.source = source
    }

    /// The plan with its defaults; what is wrong in it is left out and reported.
    mutating func read() -> Value {
        diagnostics = source.duplicateKeys(atMost: Self.mostProblems)
        guard let pairs = source.root.pairs else {
            let isEmpty = source.root.isNull
            report(
                isEmpty ? "the plan is empty" : "a plan must be a mapping of keys, not \(Self.kind(of: source.root))",
                at: source.root.mark, hint: "write one with 'iflearnerctl init'")
            return [:]
        }
        skipped = Set(
            (source.root["skippedKeys"]?.items ?? []).compactMap { $0.scalar?.text })
        let found = readObject(pairs, PlanSchema.root, path: "", at: source.root.mark)
        written = .mapping(found)
        return .mapping(Self.filled(found, PlanSchema.root))
    }

    /// The most problems that are told: a text that is no plan at all can have as many as it has lines.
    private static let mostProblems = 100

    private var hasTooManyProblems: Bool { diagnostics.count >= Self.mostProblems }

    mutating func report(_ message: String, at mark: YAMLMark, hint: String? = nil) {
        guard !hasTooManyProblems else { return }
        diagnostics.append(Diagnostic(message, at: source.location(of: mark), hint: hint))
    }

    // MARK: Mappings

    private mutating func readObject(_ pairs: [YAMLPair], _ fields: [Field], path: String, at mark: YAMLMark) -> Mapping
    {
        var result = Mapping()
        checkMerges(pairs)
        for pair in Self.merged(pairs) {
            guard let key = pair.key.scalar?.text else {
                report(
                    "a key must be a word, not \(Self.kind(of: pair.key))", at: pair.key.mark,
                    hint: "put a value that starts with '{' or '[' in quotes")
                continue
            }
            guard !skipped.contains(key) else { continue }
            let keyPath = path.isEmpty ? key : path + "." + key
            guard let field = fields.first(where: { $0.key == key }) else {
                reportUnknown(key, in: path, fields, pair)
                continue
            }
            // `key:` with nothing behind it means the default, as in KubeFATE's examples.
            guard !pair.value.isNull else { continue }
            places[keyPath] = pair.value.mark
            keyPlaces[keyPath] = pair.key.mark
            if let value = read(pair.value, field.type, path: keyPath) { result[key] = value }
        }
        for field in fields
        where field.requirement == .always && places[path.isEmpty ? field.key : path + "." + field.key] == nil {
            report(
                path.isEmpty ? "the plan has no '\(field.key)'" : "\(path) has no '\(field.key)'", at: mark,
                hint: "add '\(field.key):', \(field.summary)")
        }
        return result
    }

    /// The pairs with `<<` resolved: what is written in the mapping itself wins over what is merged.
    private static func merged(_ pairs: [YAMLPair]) -> [YAMLPair] {
        guard pairs.contains(where: isMerge) else { return pairs }
        var result = pairs.filter { !isMerge($0) }
        for pair in pairs where isMerge(pair) {
            for source in pair.value.items ?? [pair.value] {
                for inner in merged(source.pairs ?? []) {
                    let key = inner.key.scalar?.text
                    if !result.contains(where: { $0.key.scalar?.text == key }) { result.append(inner) }
                }
            }
        }
        return result
    }

    private mutating func checkMerges(_ pairs: [YAMLPair]) {
        for pair in pairs where Self.isMerge(pair) {
            for merged in pair.value.items ?? [pair.value] where merged.pairs == nil {
                report("'<<' merges a mapping or a list of mappings, not \(Self.kind(of: merged))", at: merged.mark)
            }
        }
    }

    private static func isMerge(_ pair: YAMLPair) -> Bool {
        pair.key.scalar == YAMLScalar("<<", style: .plain)
    }

    private mutating func reportUnknown(_ key: String, in path: String, _ fields: [Field], _ pair: YAMLPair) {
        guard !hasTooManyProblems else { return }
        let unknown = UnknownKey(key, in: path, among: fields)
        report(unknown.message, at: pair.key.mark, hint: unknown.hint)
    }

    // MARK: Values

    /// The value, or nil when it is not of the type; then the reason has been reported.
    private mutating func read(_ node: YAMLNode, _ type: FieldType, path: String) -> Value? {
        switch type {
        case .text(let format): return readText(node, format, mayBeEmpty: format == .any, path: path)
        case .textOrEmpty(let format): return readText(node, format, mayBeEmpty: true, path: path)
        case .choice(let words): return readChoice(node, words, path: path)
        case .boolean: return readBoolean(node, path: path)
        case .integer(let range): return readInteger(node, range, path: path)
        case .list(let item):
            guard let items = node.items else { return wrongType(node, type, path: path) }
            var values: [Value] = []
            for (index, child) in items.enumerated() {
                places["\(path)[\(index)]"] = child.mark
                // A bad item leaves a gap, so that the others keep their places.
                values.append(read(child, item, path: "\(path)[\(index)]") ?? .null)
            }
            return .array(values)
        case .object(let fields):
            guard let pairs = node.pairs else { return wrongType(node, type, path: path) }
            return .mapping(readObject(pairs, fields, path: path, at: node.mark))
        case .dictionary(let keyFormat, let valueType):
            guard let pairs = node.pairs else { return wrongType(node, type, path: path) }
            return .mapping(readDictionary(pairs, keyFormat, valueType, path: path))
        case .anything:
            guard node.pairs != nil else { return wrongType(node, type, path: path) }
            return readAnything(node, path: path)
        }
    }

    private mutating func readDictionary(
        _ pairs: [YAMLPair], _ keyFormat: TextFormat, _ valueType: FieldType, path: String
    ) -> Mapping {
        var result = Mapping()
        checkMerges(pairs)
        for pair in Self.merged(pairs) {
            guard let key = pair.key.scalar?.text else {
                report("a key must be a word, not \(Self.kind(of: pair.key))", at: pair.key.mark)
                continue
            }
            if let fault = keyFormat.fault(in: key) {
                report("the key '\(key)' in \(path) \(fault)", at: pair.key.mark)
                continue
            }
            places["\(path).\(key)"] = pair.value.mark
            if let value = read(pair.value, valueType, path: "\(path).\(key)") { result[key] = value }
        }
        return result
    }

    private mutating func readAnything(_ node: YAMLNode, path: String) -> Value? {
        if path.hasSuffix(".values") { refusePasswords(in: node, path: path) }
        do throws(YAMLError) {
            return try source.value(of: node)
        } catch {
            // Duplicate keys have been reported with all others.
            if !diagnostics.contains(where: { $0.location == error.diagnostic.location }) {
                diagnostics.append(error.diagnostic)
            }
            return nil
        }
    }

    private mutating func refusePasswords(in node: YAMLNode, path: String) {
        for item in node.items ?? [] { refusePasswords(in: item, path: path) }
        for pair in node.pairs ?? [] {
            refusePasswords(in: pair.value, path: path)
            guard let key = pair.key.scalar?.text, let text = pair.value.scalar?.text, !text.isEmpty,
                let hint = OtherKeys.passwordHint(key, in: String(path.prefix { $0 != "." }))
            else { continue }
            report(
                "a plan must not hold a password: '\(key)' in \(path)", at: pair.key.mark, hint: hint)
        }
    }

    // MARK: Defaults

    /// The mapping with the defaults of its fields.
    static func filled(_ mapping: Mapping, _ fields: [Field]) -> Mapping {
        var result = Mapping()
        for field in fields {
            switch (mapping[field.key], field.type.fields) {
            case (let value?, let inner?):
                result[field.key] = .mapping(filled(value.mapping ?? [:], inner))
            case (let value?, nil):
                guard case .list(.object(let inner)) = field.type, let items = value.array else {
                    result[field.key] = value
                    continue
                }
                result[field.key] = .array(
                    items.map { item in item.mapping.map { .mapping(filled($0, inner)) } ?? item })
            case (nil, let inner?) where field.fillsDefaults:
                result[field.key] = .mapping(filled([:], inner))
            case (nil, _):
                if let value = field.defaultValue { result[field.key] = value }
            }
        }
        return result
    }
}
