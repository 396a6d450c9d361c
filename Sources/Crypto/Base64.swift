// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Base64 text (RFC 4648), standard and URL-safe.
public enum Base64 {
    private static let standard = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let urlSafe = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The standard encoding with padding.
    public static func encode(_ bytes: some Sequence<UInt8>) -> String { encode(Array(bytes), standard, padded: true) }

    /// The URL-safe encoding without padding.
    public static func encodeURLSafe(_ bytes: some Sequence<UInt8>) -> String {
        encode(Array(bytes), urlSafe, padded: false)
    }

    private static func encode(_ bytes: [UInt8], _ alphabet: [UInt8], padded: Bool) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let left = bytes.count - index
            let first = UInt32(bytes[index]) << 16
            let second = left > 1 ? UInt32(bytes[index + 1]) << 8 : 0
            let third = left > 2 ? UInt32(bytes[index + 2]) : 0
            let group = first | second | third
            text.append(alphabet[Int(group >> 18)])
            text.append(alphabet[Int(group >> 12 & 63)])
            if left > 1 { text.append(alphabet[Int(group >> 6 & 63)]) } else if padded { text.append(61) }
            if left > 2 { text.append(alphabet[Int(group & 63)]) } else if padded { text.append(61) }
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes a base64 text stands for.
    ///
    /// Reads both alphabets and text with or without padding; carriage returns and newlines are skipped.
    /// - Throws: `Base64Error` with the byte offset of what is wrong.
    public static func decode(_ text: some StringProtocol) throws(Base64Error) -> [UInt8] {
        try decode(bytes: Array(text.utf8))
    }

    /// The bytes a base64 text, given as UTF-8, stands for.
    /// - Throws: `Base64Error` with the byte offset of what is wrong.
    public static func decode(bytes: [UInt8]) throws(Base64Error) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count / 4 * 3)
        var group: UInt32 = 0
        var bits = 0
        var symbols = 0
        var padding = 0
        for (offset, byte) in bytes.enumerated() {
            if byte == 10 || byte == 13 { continue }
            if byte == 61 {
                padding += 1
                guard symbols % 4 >= 2, padding <= 4 - symbols % 4 else { throw Base64Error(offset: offset) }
                continue
            }
            guard padding == 0, let value = value(of: byte) else { throw Base64Error(offset: offset) }
            symbols += 1
            group = group << 6 | value
            bits += 6
            guard bits >= 8 else { continue }
            bits -= 8
            output.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
        }
        let whole = padding == 0 ? symbols % 4 != 1 : (symbols + padding) % 4 == 0
        guard whole else { throw Base64Error(offset: bytes.count) }
        return output
    }

    private static func value(of byte: UInt8) -> UInt32? {
        switch byte {
        case 65...90: UInt32(byte) - 65
        case 97...122: UInt32(byte) - 71
        case 48...57: UInt32(byte) + 4
        case 43, 45: 62
        case 47, 95: 63
        default: nil
        }
    }
}

/// A text that is not base64.
public struct Base64Error: Error, Equatable, Sendable, CustomStringConvertible {
    /// The offset in bytes of the first byte that does not belong, as Go counts it.
    public let offset: Int

    /// Makes an error for a byte offset.
    public init(offset: Int) { self.offset = offset }

    /// The text Go prints.
    public var description: String { "illegal base64 data at input byte \(offset)" }
}
