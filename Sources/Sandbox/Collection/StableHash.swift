// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Hashes that are the same in every run, for names that must be found again.
enum StableHash {
    /// The 64-bit FNV-1a hash of a text.
    static func of(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash
    }

    /// The hash of a text as sixteen hexadecimal digits.
    static func hexadecimal(_ text: String) -> String {
        let digits = String(of(text), radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    /// The hash of a document as names carry it: up to ten characters that spell no words.
    static func name(of value: Value, salt: Int = 0) -> String {
        let hash = of(value.jsonString(.canonical) + (salt == 0 ? "" : "\n\(salt)"))
        return spelled(String(UInt32(truncatingIfNeeded: hash ^ (hash >> 32))))
    }

    private static func spelled(_ digits: String) -> String {
        String(digits.utf8.map { alphabet[Int($0) % alphabet.count] })
    }

    private static let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
}
