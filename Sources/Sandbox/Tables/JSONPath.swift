// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// A simple JSONPath of a CRD's printer column: `.spec.role`, `.status.conditions[?(@.type=="Ready")].status`, `.a['b.c'][0]`.
struct JSONPath: Sendable {
    private enum Step: Sendable {
        case field(String)
        case position(Int)
        case every
        case matching([Step], Comparison, Value)
        case having([Step])
    }

    private enum Comparison: String, Sendable, CaseIterable {
        case equal = "=="
        case unequal = "!="
        case atLeast = ">="
        case atMost = "<="
        case greater = ">"
        case less = "<"
    }

    private let steps: [Step]

    /// Reads a path; nil when its syntax is not one that printer columns may have.
    init?(_ text: String) {
        var parser = Parser(rest: Substring(text))
        guard let steps = parser.steps(), parser.rest.isEmpty, !steps.isEmpty else { return nil }
        self.steps = steps
    }

    /// Everything the path finds, in document order; a missing field finds nothing.
    func values(in root: Value) -> [Value] { Self.values(steps[...], in: root) }

    /// A found value as text: strings bare, the rest as JSON.
    static func text(_ value: Value) -> String {
        switch value {
        case .string(let text): text
        case .null: "<nil>"
        case .bool(let flag): "\(flag)"
        case .int(let number): "\(number)"
        case .double(let number): number == number.rounded() ? "\(Int64(clamping: Int(number)))" : "\(number)"
        case .array, .mapping: value.jsonString()
        }
    }

    private static func values(_ steps: ArraySlice<Step>, in value: Value) -> [Value] {
        guard let step = steps.first else { return value.isNull ? [] : [value] }
        let rest = steps.dropFirst()
        switch step {
        case .field(let name): return value[name].map { values(rest, in: $0) } ?? []
        case .position(let position):
            guard let array = value.array else { return [] }
            let index = position < 0 ? array.count + position : position
            return value[index].map { values(rest, in: $0) } ?? []
        case .every: return children(value).flatMap { values(rest, in: $0) }
        case .matching(let path, let comparison, let wanted):
            return children(value).filter { child in
                values(path[...], in: child).contains { compare($0, comparison, wanted) }
            }.flatMap { values(rest, in: $0) }
        case .having(let path):
            return children(value).filter { !values(path[...], in: $0).isEmpty }.flatMap { values(rest, in: $0) }
        }
    }

    private static func children(_ value: Value) -> [Value] {
        value.array ?? value.mapping.map { Array($0.values) } ?? []
    }

    private static func compare(_ left: Value, _ comparison: Comparison, _ right: Value) -> Bool {
        switch comparison {
        case .equal: return left == right
        case .unequal: return left != right
        default: break
        }
        if let left = left.double, let right = right.double { return ordered(left, comparison, right) }
        if let left = left.string, let right = right.string { return ordered(left, comparison, right) }
        return false
    }

    private static func ordered<T: Comparable>(_ left: T, _ comparison: Comparison, _ right: T) -> Bool {
        switch comparison {
        case .atLeast: left >= right
        case .atMost: left <= right
        case .greater: left > right
        case .less: left < right
        case .equal: left == right
        case .unequal: left != right
        }
    }
}

extension JSONPath {
    private struct Parser {
        var rest: Substring

        /// Steps up to the end or to something that is no step.
        mutating func steps() -> [Step]? {
            var steps: [Step] = []
            while let next = rest.first {
                if next == "." {
                    rest.removeFirst()
                    if rest.isEmpty { break }
                    if rest.first == "[" { continue }
                    guard let name = name() else { return nil }
                    steps.append(name == "*" ? .every : .field(name))
                } else if next == "[" {
                    guard let step = bracket() else { return nil }
                    steps.append(step)
                } else {
                    break
                }
            }
            return steps
        }

        private mutating func name() -> String? {
            var name = ""
            while let next = rest.first {
                if next == "\\" {
                    rest.removeFirst()
                    guard let escaped = rest.popFirst() else { return nil }
                    name.append(escaped)
                } else if ".[]()=!<> ".contains(next) {
                    break
                } else {
                    name.append(next)
                    rest.removeFirst()
                }
            }
            return name.isEmpty ? nil : name
        }

        private mutating func bracket() -> Step? {
            rest.removeFirst()
            let step: Step
            if rest.hasPrefix("?(") {
                rest.removeFirst(2)
                guard let filter = filter() else { return nil }
                step = filter
            } else if let quote = rest.first, quote == "'" || quote == "\"" {
                guard let key = quoted(quote) else { return nil }
                step = .field(key)
            } else {
                guard let end = rest.firstIndex(of: "]") else { return nil }
                let inner = rest[..<end]
                rest = rest[end...]
                if inner == "*" {
                    step = .every
                } else if let position = Int(inner) {
                    step = .position(position)
                } else {
                    return nil
                }
            }
            guard rest.popFirst() == "]" else { return nil }
            return step
        }

        private mutating func filter() -> Step? {
            skipSpaces()
            guard rest.popFirst() == "@", let path = steps() else { return nil }
            skipSpaces()
            if rest.popFirst(")") { return .having(path) }
            guard let comparison = Comparison.allCases.first(where: { rest.hasPrefix($0.rawValue) }) else { return nil }
            rest.removeFirst(comparison.rawValue.count)
            skipSpaces()
            guard let wanted = literal() else { return nil }
            skipSpaces()
            return rest.popFirst(")") ? .matching(path, comparison, wanted) : nil
        }

        private mutating func literal() -> Value? {
            if let quote = rest.first, quote == "'" || quote == "\"" { return quoted(quote).map { .string($0) } }
            let word = rest.prefix { $0 != ")" && $0 != " " }
            rest.removeFirst(word.count)
            switch word {
            case "true": return true
            case "false": return false
            default: return Int64(word).map { .int($0) } ?? Double(word).map { .double($0) }
            }
        }

        private mutating func quoted(_ quote: Character) -> String? {
            rest.removeFirst()
            var text = ""
            while let next = rest.popFirst() {
                if next == quote { return text }
                if next == "\\" {
                    guard let escaped = rest.popFirst() else { return nil }
                    text.append(escaped)
                } else {
                    text.append(next)
                }
            }
            return nil
        }

        private mutating func skipSpaces() { while rest.first == " " { rest.removeFirst() } }
    }
}

extension Substring {
    fileprivate mutating func popFirst(_ character: Character) -> Bool {
        guard first == character else { return false }
        removeFirst()
        return true
    }
}
