// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A semantic version, read as leniently as Go's Masterminds library does: `v1.20` is `1.20.0`.
struct SemanticVersion: Equatable {
    var major: UInt64
    var minor: UInt64 = 0
    var patch: UInt64 = 0
    var prerelease = ""
    var metadata = ""
    var original: String

    init?(_ text: String) {
        original = text
        var rest = text[...]
        if rest.hasPrefix("v") { rest = rest.dropFirst() }
        if let plus = rest.firstIndex(of: "+") {
            metadata = String(rest[rest.index(after: plus)...])
            rest = rest[..<plus]
            guard Self.isIdentifierList(metadata) else { return nil }
        }
        if let dash = rest.firstIndex(of: "-") {
            prerelease = String(rest[rest.index(after: dash)...])
            rest = rest[..<dash]
            guard Self.isIdentifierList(prerelease), Self.hasNoLeadingZero(prerelease) else { return nil }
        }
        let numbers = rest.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...3).contains(numbers.count), let major = Self.number(numbers[0]) else { return nil }
        self.major = major
        if numbers.count > 1 {
            guard let minor = Self.number(numbers[1]) else { return nil }
            self.minor = minor
        }
        if numbers.count > 2 {
            guard let patch = Self.number(numbers[2]) else { return nil }
            self.patch = patch
        }
    }

    /// The normal form, without a leading v.
    var description: String {
        "\(major).\(minor).\(patch)" + (prerelease.isEmpty ? "" : "-" + prerelease)
            + (metadata.isEmpty ? "" : "+" + metadata)
    }

    static func number(_ text: Substring) -> UInt64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return UInt64(text)
    }

    /// Identifiers joined by dots, each of letters, digits and dashes.
    static func isIdentifierList(_ text: String) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty
                && part.utf8.allSatisfy { byte in
                    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "-")
                }
        }
    }

    private static func hasNoLeadingZero(_ text: String) -> Bool {
        text.split(separator: ".").allSatisfy { part in
            part.count == 1 || !part.hasPrefix("0") || number(part) == nil
        }
    }

    /// Negative, zero or positive as the version is older, equal or newer; metadata does not count.
    func compare(_ other: SemanticVersion) -> Int {
        for (left, right) in [(major, other.major), (minor, other.minor), (patch, other.patch)] where left != right {
            return left < right ? -1 : 1
        }
        return Self.comparePrerelease(prerelease, other.prerelease)
    }

    static func comparePrerelease(_ left: String, _ right: String) -> Int {
        if left == right { return 0 }
        if left.isEmpty { return 1 }
        if right.isEmpty { return -1 }
        let (first, second) = (left.split(separator: "."), right.split(separator: "."))
        for (one, other) in zip(first, second) where one != other {
            switch (number(one), number(other)) {
            case (let one?, let other?): return one < other ? -1 : 1
            case (_?, nil): return -1
            case (nil, _?): return 1
            case (nil, nil): return one.utf8.lexicographicallyPrecedes(other.utf8) ? -1 : 1
            }
        }
        return first.count < second.count ? -1 : first.count == second.count ? 0 : 1
    }
}
