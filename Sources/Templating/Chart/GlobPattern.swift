// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A file pattern: `*` and `?` stop at slashes, `**` does not, `[a-z]`, `[!a]` and `{a,b}` choose.
struct GlobPattern {
    private indirect enum Element {
        case rune(UInt32)
        case any
        case many(crossesSlashes: Bool)
        case set([ClosedRange<UInt32>], isNegated: Bool)
        case choice([[Element]])
    }

    /// Whose rules a pattern follows.
    enum Dialect {
        /// `.Files.Glob`.
        case files
        /// Go's `filepath.Match`: no braces, a double star is a star, sets are negated by `^`.
        case go
    }

    private let elements: [Element]

    /// Matches every path: what a bad pattern means.
    static let everything = GlobPattern(elements: [.many(crossesSlashes: true)])

    private init(elements: [Element]) {
        self.elements = elements
    }

    init?(_ pattern: Bytes, dialect: Dialect = .files) {
        var reader = Reader(runes: pattern.runes, dialect: dialect)
        guard let elements = reader.elements(depth: 0), reader.index == reader.runes.count else { return nil }
        self.elements = elements
    }

    func matches(_ path: Bytes) -> Bool {
        var budget = 100_000
        return Self.matches(elements[...], path.runes[...], &budget)
    }

    private static func matches(_ elements: ArraySlice<Element>, _ path: ArraySlice<UInt32>, _ budget: inout Int)
        -> Bool
    {
        budget -= 1
        guard budget > 0, let first = elements.first else { return path.isEmpty && budget > 0 }
        let rest = elements.dropFirst()
        switch first {
        case .rune(let rune): return path.first == rune && matches(rest, path.dropFirst(), &budget)
        case .any:
            guard let rune = path.first, rune != 0x2F else { return false }
            return matches(rest, path.dropFirst(), &budget)
        case .set(let ranges, let isNegated):
            guard let rune = path.first, ranges.contains(where: { $0.contains(rune) }) != isNegated else {
                return false
            }
            return matches(rest, path.dropFirst(), &budget)
        case .many(let crossesSlashes):
            var tail = path
            while true {
                if matches(rest, tail, &budget) { return true }
                guard let rune = tail.first, crossesSlashes || rune != 0x2F else { return false }
                tail = tail.dropFirst()
            }
        case .choice(let choices):
            for choice in choices where matches(choice[...] + rest, path, &budget) { return true }
            return false
        }
    }

    private struct Reader {
        let runes: [UInt32]
        let dialect: Dialect
        var index = 0

        /// Reads to the end, or inside braces to a comma or the closing brace.
        mutating func elements(depth: Int) -> [Element]? {
            var result: [Element] = []
            while index < runes.count {
                let rune = runes[index]
                switch Unicode.Scalar(rune) {
                case "," where depth > 0, "}" where depth > 0: return result
                case "\\":
                    guard index + 1 < runes.count else { return nil }
                    result.append(.rune(runes[index + 1]))
                    index += 2
                    continue
                case "*":
                    let isDouble = dialect == .files && index + 1 < runes.count && runes[index + 1] == rune
                    while index < runes.count, runes[index] == rune { index += 1 }
                    result.append(.many(crossesSlashes: isDouble))
                    continue
                case "?": result.append(.any)
                case "[":
                    guard let set = set() else { return nil }
                    result.append(set)
                    continue
                case "{" where dialect == .files:
                    guard depth < 8, let choice = choice(depth: depth + 1) else { return nil }
                    result.append(choice)
                    continue
                default: result.append(.rune(rune))
                }
                index += 1
            }
            return depth == 0 ? result : nil
        }

        private mutating func choice(depth: Int) -> Element? {
            var choices: [[Element]] = []
            repeat {
                index += 1
                guard let choice = elements(depth: depth) else { return nil }
                choices.append(choice)
            } while index < runes.count && runes[index] == UInt32(UInt8(ascii: ","))
            guard index < runes.count else { return nil }
            index += 1
            return .choice(choices)
        }

        private mutating func set() -> Element? {
            guard let end = runes[index...].firstIndex(of: UInt32(UInt8(ascii: "]"))) else { return nil }
            var members = runes[(index + 1)..<end]
            index = end + 1
            let isNegated = members.first == UInt32(dialect == .files ? UInt8(ascii: "!") : UInt8(ascii: "^"))
            if isNegated { members = members.dropFirst() }
            guard !members.isEmpty else { return nil }
            var ranges: [ClosedRange<UInt32>] = []
            while let first = members.first {
                members = members.dropFirst()
                if members.count >= 2, members.first == UInt32(UInt8(ascii: "-")), let last = members.dropFirst().first
                {
                    guard first <= last else { return nil }
                    ranges.append(first...last)
                    members = members.dropFirst(2)
                } else {
                    ranges.append(first...first)
                }
            }
            return .set(ranges, isNegated: isNegated)
        }
    }
}
