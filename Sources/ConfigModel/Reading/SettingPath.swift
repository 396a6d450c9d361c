// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import YAMLText

/// The path of a `--set path=value`, and setting a node there.
enum SettingPath {
    /// One step down: into a mapping or into a list.
    enum Step: Sendable, Hashable {
        case key(String)
        case index(Int)
    }

    /// Why nothing can be set at a path.
    struct Fault: Error {
        let message: String
    }

    /// `flow-server.tolerations[0].key` in steps; `\.`, `\[` and `\\` stand for the characters themselves.
    static func parse(_ path: String) throws(PlanError) -> [Step] {
        func fault(_ message: String) -> PlanError {
            PlanError([
                Diagnostic(
                    message, at: SourceLocation(file: "--set \(path)"),
                    hint: "write a path such as mysql.size or modules[0]")
            ])
        }
        var steps: [Step] = []
        var key = ""
        var isKeyOpen = true
        var rest = path[...]
        func isStep() -> Bool { !key.isEmpty }
        while let character = rest.popFirst() {
            switch character {
            case "\\":
                guard let next = rest.popFirst() else { throw fault("the path ends in a backslash") }
                key.append(next)
            case ".":
                if isKeyOpen {
                    guard isStep() else { throw fault("the path has an empty key") }
                    steps.append(.key(key))
                }
                key = ""
                isKeyOpen = true
            case "[":
                if isKeyOpen {
                    guard isStep() else { throw fault("the path has an index without a key") }
                    steps.append(.key(key))
                }
                let digits = rest.prefix { $0 != "]" }
                guard let index = Int(digits), index >= 0, index < 65536, rest.count > digits.count else {
                    throw fault("the path has a bad index '[\(digits)'")
                }
                rest = rest.dropFirst(digits.count + 1)
                guard rest.isEmpty || rest.first == "." || rest.first == "[" else {
                    throw fault("'.' or '[' must follow an index")
                }
                steps.append(.index(index))
                key = ""
                isKeyOpen = false
            default: key.append(character)
            }
        }
        if isKeyOpen {
            guard isStep() else { throw fault("the path has an empty key") }
            steps.append(.key(key))
        }
        return steps
    }

    /// The node with another one set below it; null removes a key.
    static func set(_ new: YAMLNode, at steps: ArraySlice<Step>, in node: YAMLNode?) throws(Fault) -> YAMLNode {
        guard let step = steps.first else { return new }
        let rest = steps.dropFirst()
        var result = node.flatMap { $0.isNull ? nil : $0 } ?? YAMLNode(.mapping([]), mark: new.mark)
        switch step {
        case .key(let key):
            guard var pairs = result.pairs else { throw Fault(message: "there is no key '\(key)' in a value") }
            let position = pairs.lastIndex { $0.key.scalar?.text == key }
            let value = try set(new, at: rest, in: position.map { pairs[$0].value })
            pairs.removeAll { $0.key.scalar?.text == key }
            if !(rest.isEmpty && new.isNull) {
                let keyNode = YAMLNode(.scalar(YAMLScalar(key, style: .doubleQuoted)), mark: new.mark)
                pairs.insert(YAMLPair(key: keyNode, value: value), at: min(position ?? pairs.count, pairs.count))
            }
            result.content = .mapping(pairs)
        case .index(let index):
            if result.pairs?.isEmpty == true { result.content = .sequence([]) }
            guard var items = result.items else {
                throw Fault(message: "there is no index [\(index)]: it is not a list")
            }
            guard index <= items.count else {
                throw Fault(message: "the list has \(items.count) items, so [\(items.count)] is the next")
            }
            let value = try set(new, at: rest, in: index < items.count ? items[index] : nil)
            if index < items.count { items[index] = value } else { items.append(value) }
            result.content = .sequence(items)
        }
        return result
    }
}
