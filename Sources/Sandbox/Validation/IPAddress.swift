// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// An IP address, as text: enough to tell whether it is one, and of which family.
struct IPAddress {
    /// Whether it is of the sixth version.
    let isVersion6: Bool

    /// Reads an address; nil when the text is none.
    init?(_ text: String) {
        if text.contains(":") {
            guard Self.isVersion6(text) else { return nil }
            isVersion6 = true
        } else {
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 4, parts.allSatisfy({ Self.isByte($0) }) else { return nil }
            isVersion6 = false
        }
    }

    /// Whether a text is an address and the length of its network: `10.0.0.0/8`.
    static func isNetwork(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let address = IPAddress(parts[0]), let length = Int(parts[1]) else { return false }
        return (0...(address.isVersion6 ? 128 : 32)).contains(length)
    }

    private static func isByte(_ text: Substring) -> Bool {
        guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }),
            let number = Int(text)
        else {
            return false
        }
        return number <= 255 && (text == "0" || text.first != "0")
    }

    private static func isVersion6(_ text: String) -> Bool {
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2 else { return false }
        var groups = 0
        for half in halves where !half.isEmpty {
            for group in half.split(separator: ":", omittingEmptySubsequences: false) {
                guard (1...4).contains(group.utf8.count), UInt16(group, radix: 16) != nil else { return false }
                groups += 1
            }
        }
        return halves.count == 2 ? groups < 8 : groups == 8
    }
}
