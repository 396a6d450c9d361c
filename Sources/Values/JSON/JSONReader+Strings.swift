// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension JSONReader {
    /// Reads a string, the opening quote being the current byte.
    mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        while position < text.count {
            switch text[position] {
            case UInt8(ascii: "\""):
                defer { position += 1 }
                return try decoded(text[start..<position], from: start)
            case UInt8(ascii: "\\"): return try stringWithEscapes(from: start)
            case 0..<0x20: throw error("a control character must be escaped in a string")
            default: position += 1
            }
        }
        throw error("the string has no closing quote", at: start - 1)
    }

    private mutating func stringWithEscapes(from start: Int) throws(JSONError) -> String {
        var bytes = Array(text[start..<position])
        while position < text.count {
            let byte = text[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return try decoded(bytes[...], from: start)
            case UInt8(ascii: "\\"): try escape(into: &bytes)
            case 0..<0x20: throw error("a control character must be escaped in a string")
            default:
                bytes.append(byte)
                position += 1
            }
        }
        throw error("the string has no closing quote", at: start - 1)
    }

    private func decoded(_ bytes: ArraySlice<UInt8>, from start: Int) throws(JSONError) -> String {
        guard let string = String(validating: bytes, as: UTF8.self) else {
            throw error("the string is not valid UTF-8", at: start)
        }
        return string
    }

    private mutating func escape(into bytes: inout [UInt8]) throws(JSONError) {
        let start = position
        position += 1
        guard position < text.count else { throw error("the string has no closing quote") }
        let letter = text[position]
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(letter)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"): bytes.append(contentsOf: try unicodeEscape(from: start))
        default: throw error("unknown escape", at: start)
        }
    }

    private mutating func unicodeEscape(from start: Int) throws(JSONError) -> [UInt8] {
        var code = try hexadecimal()
        if (0xD800..<0xDC00).contains(code) {
            guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
                throw error("a surrogate stands alone", at: start)
            }
            let low = try hexadecimal()
            guard (0xDC00..<0xE000).contains(low) else { throw error("a surrogate stands alone", at: start) }
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
        }
        guard let scalar = UnicodeScalar(code) else { throw error("a surrogate stands alone", at: start) }
        return Array(String(scalar).utf8)
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        guard position + 4 <= text.count,
            let code = UInt32(String(decoding: text[position..<position + 4], as: UTF8.self), radix: 16),
            text[position] != UInt8(ascii: "+"), text[position] != UInt8(ascii: "-")
        else { throw error("expected four hexadecimal digits") }
        position += 4
        return code
    }
}
