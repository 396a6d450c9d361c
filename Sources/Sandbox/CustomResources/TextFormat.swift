// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto

/// The formats of texts that Kubernetes checks in custom resources; others are not checked there either.
enum TextFormat {
    static func isValid(_ text: String, _ format: String) -> Bool {
        switch format {
        case "date-time": Timestamp(text) != nil
        case "date": Timestamp(text + "T00:00:00Z") != nil
        case "ipv4": IPAddress(text)?.isVersion6 == false
        case "ipv6": IPAddress(text)?.isVersion6 == true
        case "cidr": IPAddress.isNetwork(text)
        case "byte": Base64.problem(in: text) == nil
        case "uuid", "uuid3", "uuid4", "uuid5": isIdentifier(text)
        case "hostname": NameRules.subdomain(text.lowercased()).isEmpty
        default: true
        }
    }

    private static func isIdentifier(_ text: String) -> Bool {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        return groups.map(\.utf8.count) == [8, 4, 4, 4, 12]
            && groups.allSatisfy { $0.utf8.allSatisfy { isHexadecimal($0) } }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}

/// Regular expressions of schemas.
enum Pattern {
    /// Whether a text contains a match; a pattern that cannot be read matches nothing, as a schema with it is refused.
    static func matches(_ text: String, _ pattern: String) -> Bool {
        guard let expression = expression(pattern) else { return false }
        do {
            return try expression.matchingSemantics(.unicodeScalar).firstMatch(in: text) != nil
        } catch {
            return false
        }
    }

    /// Whether a pattern can be read.
    static func isValid(_ pattern: String) -> Bool { expression(pattern) != nil }

    private static func expression(_ pattern: String) -> Regex<AnyRegexOutput>? {
        do {
            return try Regex(pattern)
        } catch {
            return nil
        }
    }
}
