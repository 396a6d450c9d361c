// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A constraint on versions such as `>=1.19-0 <1.27.0-0 || ^2`: comparators joined by spaces or commas, alternatives
/// by bars.
struct VersionConstraint {
    private let alternatives: [[Comparator]]

    /// Whether a version satisfies a constraint; false when either cannot be read.
    static func allows(_ constraint: String, version: String) -> Bool {
        guard let constraint = VersionConstraint(constraint), let version = SemanticVersion(version) else {
            return false
        }
        return constraint.allows(version)
    }

    init?(_ text: String) {
        var alternatives: [[Comparator]] = []
        for part in Self.alternatives(of: text) {
            var scanner = ConstraintScanner(part)
            guard let comparators = scanner.comparators() else { return nil }
            alternatives.append(comparators)
        }
        self.alternatives = alternatives
    }

    private static func alternatives(of text: String) -> [Bytes] {
        Bytes(text).split(by: Bytes("||"))
    }

    func allows(_ version: SemanticVersion) -> Bool {
        alternatives.contains { $0.allSatisfy { $0.allows(version) } }
    }
}

/// One comparison with a version, parts of which may be missing or wildcards.
struct Comparator {
    enum Relation {
        case equal, notEqual, greater, less, greaterOrEqual, lessOrEqual, tilde, caret
    }

    var relation: Relation
    var version: SemanticVersion
    var isMinorOpen = false
    var isPatchOpen = false
    var isOpen = false

    func allows(_ other: SemanticVersion) -> Bool {
        // A prerelease is only wanted by who names one.
        if !other.prerelease.isEmpty && version.prerelease.isEmpty { return false }
        let order = other.compare(version)
        switch relation {
        case .equal: return isOpen ? isWithinTilde(other, order) : order == 0
        case .notEqual: return differs(other, order)
        case .greater: return isGreater(other, order)
        case .less: return order < 0
        case .greaterOrEqual: return order >= 0
        case .lessOrEqual:
            if !isOpen { return order <= 0 }
            if other.major != version.major { return other.major < version.major }
            return isMinorOpen || other.minor <= version.minor
        case .tilde: return isWithinTilde(other, order)
        case .caret: return isWithinCaret(other, order)
        }
    }

    private func differs(_ other: SemanticVersion, _ order: Int) -> Bool {
        guard isOpen else { return order != 0 }
        if other.major != version.major { return true }
        if isMinorOpen { return false }
        if other.minor != version.minor { return true }
        if !isPatchOpen { return other.patch != version.patch }
        return !(other.prerelease.isEmpty && version.prerelease.isEmpty)
            && SemanticVersion.comparePrerelease(other.prerelease, version.prerelease) != 0
    }

    private func isGreater(_ other: SemanticVersion, _ order: Int) -> Bool {
        guard isOpen else { return order > 0 }
        if other.major != version.major { return other.major > version.major }
        if isMinorOpen { return false }
        return isPatchOpen ? other.minor > version.minor : order > 0
    }

    private func isWithinTilde(_ other: SemanticVersion, _ order: Int) -> Bool {
        if order < 0 { return false }
        let isZero = version.major == 0 && version.minor == 0 && version.patch == 0
        if isZero && !isMinorOpen && !isPatchOpen { return true }
        return other.major == version.major && (other.minor == version.minor || isMinorOpen)
    }

    private func isWithinCaret(_ other: SemanticVersion, _ order: Int) -> Bool {
        if order < 0 { return false }
        if version.major > 0 || isMinorOpen { return other.major == version.major }
        if other.major > version.major { return false }
        if version.minor > 0 || isPatchOpen { return other.minor == version.minor }
        if other.minor > version.minor { return false }
        return other.patch == version.patch
    }
}

/// Reads the comparators of one alternative.
struct ConstraintScanner {
    private let text: Bytes
    private var index = 0

    init(_ text: Bytes) {
        self.text = text
    }

    mutating func comparators() -> [Comparator]? {
        var result: [Comparator] = []
        while true {
            skipSpace()
            if index == text.count { break }
            guard let first = comparator() else { return nil }
            if first.relation == .equal, let upper = hyphenEnd() {
                var lower = first
                lower.relation = .greaterOrEqual
                result += [lower, upper]
            } else {
                result.append(first)
            }
            let start = index
            skipSpace()
            let hasSpace = index > start
            if index < text.count, text[index] == UInt8(ascii: ",") {
                index += 1
                skipSpace()
                if index == text.count { return nil }
            } else if index < text.count, !hasSpace {
                return nil
            }
        }
        return result.isEmpty ? nil : result
    }

    /// The upper end of `1.2 - 1.4`.
    private mutating func hyphenEnd() -> Comparator? {
        let start = index
        skipSpace()
        guard index > start, index + 1 < text.count, text[index] == UInt8(ascii: "-"), text[index + 1] == 0x20 else {
            index = start
            return nil
        }
        index += 1
        skipSpace()
        guard var upper = comparator() else {
            index = start
            return nil
        }
        upper.relation = .lessOrEqual
        return upper
    }

    private mutating func skipSpace() {
        while index < text.count, Rune.isSpace(UInt32(text[index])) { index += 1 }
    }

    private static let relations: [(Bytes, Comparator.Relation)] = [
        (Bytes("!="), .notEqual), (Bytes(">="), .greaterOrEqual), (Bytes("=>"), .greaterOrEqual),
        (Bytes("<="), .lessOrEqual), (Bytes("=<"), .lessOrEqual), (Bytes("~>"), .tilde), (Bytes("~"), .tilde),
        (Bytes("^"), .caret), (Bytes(">"), .greater), (Bytes("<"), .less), (Bytes("="), .equal),
    ]

    private mutating func comparator() -> Comparator? {
        var relation = Comparator.Relation.equal
        if let (name, found) = Self.relations.first(where: { text.hasPrefix($0.0, at: index) }) {
            relation = found
            index += name.count
        }
        skipSpace()
        if index < text.count, text[index] == UInt8(ascii: "v") { index += 1 }
        guard let major = part() else { return nil }
        let minor = nextPart()
        let patch = minor == nil ? nil : nextPart()
        let suffix = self.suffix()
        return Self.comparator(relation, major, minor, patch, suffix)
    }

    private static func comparator(
        _ relation: Comparator.Relation, _ major: Part, _ minor: Part?, _ patch: Part?, _ suffix: String
    ) -> Comparator? {
        guard case .number(let majorNumber) = major else {
            guard let version = SemanticVersion("0.0.0" + suffix) else { return nil }
            return Comparator(
                relation: relation == .equal ? .greaterOrEqual : relation, version: version, isMinorOpen: true,
                isPatchOpen: true, isOpen: true)
        }
        guard case .number(let minorNumber)? = minor else {
            return SemanticVersion("\(majorNumber).0.0" + suffix).map {
                Comparator(relation: relation, version: $0, isMinorOpen: true, isOpen: true)
            }
        }
        guard case .number(let patchNumber)? = patch else {
            return SemanticVersion("\(majorNumber).\(minorNumber).0" + suffix).map {
                Comparator(relation: relation, version: $0, isPatchOpen: true, isOpen: true)
            }
        }
        return SemanticVersion("\(majorNumber).\(minorNumber).\(patchNumber)" + suffix).map {
            Comparator(relation: relation, version: $0)
        }
    }

    private enum Part {
        case number(String)
        case wildcard
    }

    private mutating func part() -> Part? {
        let start = index
        while index < text.count, (0x30...0x39).contains(text[index]) { index += 1 }
        if index > start { return .number(Bytes(text[start..<index]).text) }
        guard index < text.count, Bytes("xX*").contains(text[index]) else { return nil }
        index += 1
        return .wildcard
    }

    private mutating func nextPart() -> Part? {
        guard index < text.count, text[index] == UInt8(ascii: ".") else { return nil }
        index += 1
        if let part = part() { return part }
        index -= 1
        return nil
    }

    /// The prerelease and the metadata with their signs.
    private mutating func suffix() -> String {
        let start = index
        guard index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") else {
            return ""
        }
        while index < text.count,
            text[index] != UInt8(ascii: ","), !Rune.isSpace(UInt32(text[index]))
        {
            index += 1
        }
        return Bytes(text[start..<index]).text
    }
}
