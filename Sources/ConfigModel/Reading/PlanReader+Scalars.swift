// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Formats
import Values
import YAMLText

extension PlanReader {
    mutating func readText(_ node: YAMLNode, _ format: TextFormat, mayBeEmpty: Bool, path: String) -> Value? {
        guard let scalar = node.scalar else { return wrongType(node, .text(format), path: path) }
        if scalar.text.isEmpty || node.isNull {
            if mayBeEmpty { return "" }
            report("\(path) is empty", at: node.mark, hint: "write \(Self.article(format.name))")
            return nil
        }
        if let fault = format.fault(in: scalar.text) {
            let shown = format.mayHoldLogin && scalar.text.contains("@") ? "the value" : "'\(scalar.text)'"
            report("\(path): \(shown) \(fault)", at: node.mark)
            return nil
        }
        return .string(scalar.text)
    }

    mutating func readChoice(_ node: YAMLNode, _ words: [String], path: String) -> Value? {
        guard let text = node.scalar?.text else { return wrongType(node, .choice(words), path: path) }
        if words.contains(text) { return .string(text) }
        if OtherKeys.laterWords[path]?.contains(text) == true {
            report(
                "\(path): '\(text)' comes with a later version of iflearnerctl", at: node.mark,
                hint: "write one of \(words.joined(separator: ", "))")
            return nil
        }
        let near = nearestName(to: text, in: words).map { " (did you mean '\($0)'?)" } ?? ""
        if path.hasPrefix("modules[") {
            report(
                "unknown module '\(text)'" + near, at: node.mark,
                hint: "the modules are \(words.joined(separator: ", "))")
        } else {
            report("\(path): '\(text)' is not one of \(words.joined(separator: ", "))" + near, at: node.mark)
        }
        return nil
    }

    mutating func readBoolean(_ node: YAMLNode, path: String) -> Value? {
        guard let scalar = node.scalar else { return wrongType(node, .boolean, path: path) }
        if scalar.style == .plain {
            if ["true", "True", "TRUE"].contains(scalar.text) { return true }
            if ["false", "False", "FALSE"].contains(scalar.text) { return false }
        }
        // YAML 1.1 takes these for booleans, YAML 1.2 does not: a plan should mean the same to everyone.
        let meant: String? =
            switch scalar.text.lowercased() {
            case "true", "yes", "on", "y": "write true"
            case "false", "no", "off", "n": "write false"
            default: nil
            }
        report(
            "\(path): '\(scalar.text)' is not true or false", at: node.mark,
            hint: meant.map { scalar.style == .plain ? $0 : $0 + ", without quotes" })
        return nil
    }

    mutating func readInteger(_ node: YAMLNode, _ range: ClosedRange<Int64>, path: String) -> Value? {
        guard let scalar = node.scalar else { return wrongType(node, .integer(range), path: path) }
        let digits = scalar.text.hasPrefix("-") ? scalar.text.dropFirst() : scalar.text[...]
        guard digits.utf8.allSatisfy(Names.isDigit), !digits.isEmpty else {
            report(
                "\(path): '\(scalar.text)' is not a whole number", at: node.mark,
                hint: "write digits alone")
            return nil
        }
        guard scalar.style == .plain else {
            report("\(path): '\(scalar.text)' is a text, not a number", at: node.mark, hint: "remove the quotes")
            return nil
        }
        guard digits == "0" || !digits.hasPrefix("0") else {
            report(
                "\(path): '\(scalar.text)' would be an octal number", at: node.mark,
                hint: "remove the zeros at its front")
            return nil
        }
        guard let number = Int64(scalar.text), range.contains(number) else {
            report(
                "\(path): \(scalar.text) is out of range", at: node.mark,
                hint: "write a number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return .int(number)
    }

    // MARK: Wrong types

    mutating func wrongType(_ node: YAMLNode, _ type: FieldType, path: String) -> Value? {
        if node.scalar?.text == "fromParties", path.hasSuffix(".loadBalancerSourceRanges") {
            report(
                "\(path): 'fromParties' comes with a later version of iflearnerctl", at: node.mark,
                hint: "write the parties' addresses, such as [192.0.2.0/28]")
        } else {
            report(
                "\(path) must be \(type.kind), not \(Self.kind(of: node))", at: node.mark,
                hint: Self.shape(type, of: node))
        }
        return nil
    }

    /// How to write a single text where a list or a mapping is wanted.
    private static func shape(_ type: FieldType, of node: YAMLNode) -> String? {
        guard let text = node.scalar?.text, !text.isEmpty else { return nil }
        switch type {
        case .list(let item): return "write [\(item.fields?.first.map { "{\($0.key): \(text)}" } ?? text)]"
        case .object(let fields) where fields.count == 1: return "write {\(fields[0].key): \(text)}"
        default: return nil
        }
    }

    static func kind(of node: YAMLNode) -> String {
        switch node.content {
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .scalar(let scalar) where scalar.style == .plain && (scalar.text == "true" || scalar.text == "false"):
            scalar.text
        case .scalar(let scalar) where Double(scalar.text) != nil && scalar.style == .plain: "a number"
        case .scalar: node.isNull ? "nothing" : "a text"
        }
    }

    private static func article(_ name: String) -> String {
        guard let first = name.lowercased().first else { return name }
        return ("aeio".contains(first) ? "an " : "a ") + name
    }
}
