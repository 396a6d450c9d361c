// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// Random numbers that cannot be guessed, from OpenSSL's generator.
public struct SecureRandom: RandomNumberGenerator, Sendable {
    /// Makes a generator; all of them share one source.
    public init() {}

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        var number: UInt64 = 0
        withUnsafeMutableBytes(of: &number) { SecureRandom.fill($0) }
        return number
    }

    /// Some random bytes.
    public static func bytes(_ count: Int) -> [UInt8] {
        guard count > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            fill(UnsafeMutableRawBufferPointer(buffer))
            initialized = count
        }
    }

    private static func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        // Going on with predictable "random" bytes would be worse than ending: this fails only without an entropy source.
        precondition(RAND_bytes(buffer.baseAddress, Int32(buffer.count)) == 1, "the system has no random bytes")
    }

    /// A text of characters drawn evenly from an alphabet.
    public static func text(_ count: Int, from alphabet: Alphabet = .alphanumeric) -> String {
        var generator = SecureRandom()
        let characters = alphabet.characters
        var text: [UInt8] = []
        for _ in 0..<max(0, count) { text.append(characters[Int.random(in: 0..<characters.count, using: &generator)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// A random password that any shell, URL, YAML or SQL text can hold unquoted.
    ///
    /// Its first character is a letter, and it holds at least one digit and one upper-case letter, which MySQL's
    /// `validate_password` asks for at its low levels.
    public static func password(_ count: Int = 24) -> String {
        while true {
            let candidate = text(max(8, count))
            guard let first = candidate.utf8.first, first > 57 else { continue }
            let bytes = candidate.utf8
            if bytes.contains(where: { (48...57).contains($0) }), bytes.contains(where: { (65...90).contains($0) }),
                bytes.contains(where: { (97...122).contains($0) })
            {
                return candidate
            }
        }
    }

    /// A version 4 UUID (RFC 9562) in lower case.
    public static func uuid() -> String {
        var bytes = bytes(16)
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        let hex = Array(Hex.encode(bytes).utf8)
        let parts = [hex[0..<8], hex[8..<12], hex[12..<16], hex[16..<20], hex[20..<32]]
        return parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "-")
    }

    /// The characters a random text is made of.
    public struct Alphabet: Sendable {
        let characters: [UInt8]

        private init(_ text: String) { characters = Array(text.utf8) }

        /// The ten digits.
        public static let numeric = Alphabet("0123456789")
        /// The letters of both cases.
        public static let alphabetic = Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        /// Letters of both cases and digits.
        public static let alphanumeric = Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        /// All printable ASCII characters, the space included.
        public static let ascii = Alphabet(String(decoding: Array(UInt8(32)...126), as: UTF8.self))
        /// What Kubernetes appends to a `generateName`: no vowels and nothing that looks alike.
        public static let kubernetesName = Alphabet("bcdfghjklmnpqrstvwxz2456789")
    }
}
