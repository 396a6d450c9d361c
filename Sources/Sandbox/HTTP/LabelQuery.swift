// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// A `labelSelector` parameter: `app=web,tier in (a,b),!old`.
struct LabelQuery: Sendable {
    private enum Requirement: Sendable {
        case isIn(String, [String])
        case isNotIn(String, [String])
        case exists(String)
        case isMissing(String)
        case isGreater(String, Int64)
        case isLess(String, Int64)
    }

    private var requirements: [Requirement] = []

    /// Whether every object passes.
    var isEmpty: Bool { requirements.isEmpty }

    /// Reads the text of a selector.
    init(_ text: String) throws {
        var scanner = Scanner(text)
        guard scanner.peek != .end else { return }
        while true {
            requirements.append(try scanner.requirement())
            let token = scanner.next()
            if token == .end { return }
            guard token == .symbol(",") else {
                throw StatusError.badRequest("found '\(token.text)', expected: ',' or 'end of string'")
            }
        }
    }

    func matches(_ object: Value) -> Bool {
        let labels = object[path: "metadata", "labels"]
        return requirements.allSatisfy { requirement in
            switch requirement {
            case .isIn(let key, let values): labels?[key]?.string.map(values.contains) ?? false
            case .isNotIn(let key, let values): !(labels?[key]?.string.map(values.contains) ?? false)
            case .exists(let key): labels?[key] != nil
            case .isMissing(let key): labels?[key] == nil
            case .isGreater(let key, let bound): labels?[key]?.string.flatMap { Int64($0) }.map { $0 > bound } ?? false
            case .isLess(let key, let bound): labels?[key]?.string.flatMap { Int64($0) }.map { $0 < bound } ?? false
            }
        }
    }

    private enum Token: Equatable {
        case symbol(String)
        case word(String)
        case end

        var text: String {
            switch self {
            case .symbol(let text), .word(let text): text
            case .end: ""
            }
        }
    }

    private struct Scanner {
        private let tokens: [Token]
        private var position = 0

        init(_ text: String) {
            var tokens: [Token] = []
            var word = ""
            var symbol = ""
            for character in text {
                let isSymbol = "=!(),<>".contains(character)
                if !isSymbol, !symbol.isEmpty {
                    tokens += Self.symbols(symbol)
                    symbol = ""
                }
                if isSymbol || character == " " || character == "\t" {
                    if !word.isEmpty { tokens.append(.word(word)) }
                    word = ""
                    if isSymbol { symbol.append(character) }
                } else {
                    word.append(character)
                }
            }
            if !word.isEmpty { tokens.append(.word(word)) }
            self.tokens = tokens + Self.symbols(symbol)
        }

        private static func symbols(_ text: String) -> [Token] {
            var rest = text[...]
            var tokens: [Token] = []
            while let first = rest.first {
                let length = ["==", "!="].contains(where: rest.hasPrefix) ? 2 : 1
                tokens.append(.symbol(length == 2 ? String(rest.prefix(2)) : String(first)))
                rest = rest.dropFirst(length)
            }
            return tokens
        }

        var peek: Token { position < tokens.count ? tokens[position] : .end }

        mutating func next() -> Token {
            defer { position += 1 }
            return peek
        }

        mutating func requirement() throws -> Requirement {
            let first = next()
            if first == .symbol("!") {
                guard case .word(let key) = next() else { throw unexpected(first, "identifier") }
                return .isMissing(try checked(key))
            }
            guard case .word(let key) = first else { throw unexpected(first, "!, identifier, or 'end of string'") }
            _ = try checked(key)
            switch peek {
            case .end, .symbol(","): return .exists(key)
            case .symbol("="), .symbol("=="):
                position += 1
                return .isIn(key, [try value()])
            case .symbol("!="):
                position += 1
                return .isNotIn(key, [try value()])
            case .symbol(">"), .symbol("<"):
                let isGreater = next() == .symbol(">")
                let text = try value()
                guard let bound = Int64(text) else {
                    throw StatusError.badRequest("for 'Gt', 'Lt' operators, the value must be an integer")
                }
                return isGreater ? .isGreater(key, bound) : .isLess(key, bound)
            case .word("in"), .word("notin"):
                let isIn = next() == .word("in")
                let values = try list()
                return isIn ? .isIn(key, values) : .isNotIn(key, values)
            case let other: throw unexpected(other, "in, notin, =, ==, !=, gt, lt")
            }
        }

        private mutating func value() throws -> String {
            switch peek {
            case .end, .symbol(","): return ""
            case .word(let text):
                position += 1
                return text
            case let other: throw unexpected(other, "identifier")
            }
        }

        private mutating func list() throws -> [String] {
            let open = next()
            guard open == .symbol("(") else { throw unexpected(open, "'('") }
            var values: [String] = []
            while true {
                switch next() {
                case .word(let text): values.append(text)
                case .symbol(","): continue
                case .symbol(")"): return values
                case let other: throw unexpected(other, "',' or ')'")
                }
            }
        }

        private func checked(_ key: String) throws -> String {
            guard key.utf8.allSatisfy({ $0 > 32 && $0 < 127 && !"\"'\\{}[]*?&|;:@#$%^`~+".utf8.contains($0) }) else {
                throw StatusError.badRequest(
                    "unable to parse requirement: <nil>: Invalid value: \"\(key)\": name part must consist of "
                        + "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
                        + "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
                        + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')")
            }
            return key
        }

        private func unexpected(_ token: Token, _ expected: String) -> StatusError {
            .badRequest("found '\(token.text)', expected: \(expected)")
        }
    }
}
