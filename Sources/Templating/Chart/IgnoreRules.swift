// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The rules of a `.helmignore` file.
struct IgnoreRules {
    private struct Rule {
        var pattern: GlobPattern
        var isNegated: Bool
        var isForFolders: Bool
        var matchesWholePath: Bool
    }

    private var rules: [Rule] = []

    init(_ text: Bytes = []) throws(ChartError) {
        for line in text.split(by: [0x0A]) { try add(StringFunctions.trimmingSpace(line)) }
        try add(Bytes("templates/.?*"))
    }

    private mutating func add(_ line: Bytes) throws(ChartError) {
        guard let first = line.first, first != UInt8(ascii: "#") else { return }
        guard line.firstIndex(of: Bytes("**")) == nil else {
            throw ChartError(".helmignore: double-star (**) syntax is not supported")
        }
        var text = line
        let isNegated = first == UInt8(ascii: "!")
        if isNegated { text.removeFirst() }
        let isForFolders = text.last == UInt8(ascii: "/")
        if isForFolders { text.removeLast() }
        let isRooted = text.first == UInt8(ascii: "/")
        if isRooted { text.removeFirst() }
        guard let pattern = GlobPattern(text, dialect: .go) else {
            throw ChartError(".helmignore: syntax error in pattern: \(line.text)")
        }
        rules.append(
            Rule(
                pattern: pattern, isNegated: isNegated, isForFolders: isForFolders,
                matchesWholePath: isRooted || text.contains(UInt8(ascii: "/"))))
    }

    /// Whether a path below the chart's folder is left out.
    ///
    /// A negated rule leaves out everything it does not match.
    func ignores(_ path: String, isFolder: Bool) -> Bool {
        let whole = Bytes(path)
        for rule in rules {
            if rule.isForFolders && !isFolder {
                if rule.isNegated { return true }
                continue
            }
            let matches = rule.pattern.matches(rule.matchesWholePath ? whole : PathFunctions.base(whole))
            if matches != rule.isNegated { return true }
        }
        return false
    }
}
